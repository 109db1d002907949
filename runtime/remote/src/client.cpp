#include "client.hpp"

#include <algorithm>
#include <utility>

#include "banyan/resilience/deadline.hpp"
#include "banyan/telemetry/names.hpp"
#include "call_codec.hpp"
#include "names.hpp"

namespace banyan::remote {
namespace {

// Translates an error of the connection into one of the call.
Error to_call_error(const Error& error) {
  const std::string& reason = error.reason();
  if (reason == "nats.no_responders") {
    return {Errc::unavailable, "remote.no_responders", "nobody serves this; it was not done"};
  }
  if (reason == "nats.timeout" || reason == "nats.lost") {
    return {Errc::deadline_exceeded, "remote.outcome_unknown", "no answer; it may have been done"};
  }
  if (error.code() == Errc::unavailable) {
    return {Errc::unavailable, "remote.disconnected", "the broker is away; it was not done"};
  }
  if (error.code() == Errc::resource_exhausted) return {Errc::resource_exhausted, "remote.full"};
  return {Errc::invalid_argument, "remote.not_sent", error.reason() + ": " + error.detail()};
}

}  // namespace

Client::Client(std::string_view self, std::string_view callee, std::span<const message::Edge> edges,
               nats::Connection& connection, const Environment& environment, const BusOptions& options)
    : callee_(callee),
      connection_(connection),
      environment_(environment),
      options_(options),
      alarms_(environment.metrics.counter(telemetry::names::calls_two_logs,
                                          {{"caller", std::string{self}}, {"module", callee_}})) {
  for (const message::Edge& edge : edges) {
    if (edge.from != self || edge.to != callee) continue;
    for (const std::string_view type : edge.calls) {
      if (auto subject = call_subject(type); subject.ok()) operations_.emplace(type, subject.value());
    }
  }
}

void Client::submit(message::Request request) {
  const message::Descriptor& type = request.parcel->payload.type();
  const auto operation = operations_.find(type.type);
  if (operation == operations_.end() || type.answer == nullptr) {
    return request.reply(Error{Errc::rejected, "remote.not_allowed", std::string{type.type}});
  }
  const Instant now = environment_.clock.now();
  const Duration timeout =
      std::min(options_.call_timeout, resilience::remaining(request.parcel->envelope.deadline, now));
  if (timeout <= Duration::zero()) {
    return request.reply(Error{Errc::deadline_exceeded, "message.expired", "not started"});
  }
  std::string authorization;
  if (options_.credentials) {
    auto given = options_.credentials(callee_);
    if (!given.ok()) return request.reply(given.error());
    authorization = std::move(given).value();
  }
  Sheet sheet = encode(request, timeout, authorization);
  connection_.request(
      operation->second, std::move(sheet.headers), std::move(sheet.body), timeout,
      [this, answer = type.answer, reply = std::move(request.reply)](const Result<nats::Message>& message) {
        if (message.ok()) look_at_log(message.value());
        reply(message.ok() ? decode(message.value(), *answer)
                           : message::Reply{to_call_error(message.error())});
      });
}

void Client::look_at_log(const nats::Message& answer) {
  const Instant now = environment_.clock.now();
  if (!log_.heard(log_of(answer), now)) return;
  alarms_.add();
  alarm_.alarm(environment_.log, "a module answers from two stores",
               Error{Errc::conflict, "remote.two_logs",
                     callee_ + " answers from the stores with the logs " + to_string(log_.last()) + " and " +
                         to_string(*log_.second(now))},
               now);
}

std::optional<TwoLogs> Client::two_logs() const {
  const auto second = log_.second(environment_.clock.now());
  if (!second) return std::nullopt;
  return TwoLogs{callee_, log_.last(), *second};
}

}  // namespace banyan::remote
