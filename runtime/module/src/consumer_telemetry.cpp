#include "consumer_telemetry.hpp"

#include "banyan/message/undecoded.hpp"
#include "banyan/telemetry/names.hpp"

namespace banyan::module {
namespace {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::done:
      return "done";
    case Outcome::rejected:
      return "rejected";
    case Outcome::failed:
      return "failed";
    case Outcome::retried:
      return "retried";
    case Outcome::dead:
      return "dead";
    case Outcome::repeated:
      return "repeated";
  }
  return "unknown";
}

}  // namespace

FailedMessage FailedMessage::of(std::string_view producer, const delivery::Delivery& delivery) {
  const message::Parcel& parcel = *delivery.parcel;
  return {producer, delivery.seq,         message::type_name(parcel.payload), parcel.envelope.key,
          1,        parcel.envelope.trace};
}

FailedMessage FailedMessage::of(const delivery::ParkedMessage& message, const message::TraceContext& trace) {
  return {message.producer, message.seq, message.type, message.key, message.attempts + 1, trace};
}

ConsumerTelemetry::ConsumerTelemetry(const Environment& environment, const std::string& module)
    : metrics_(environment.metrics), log_(environment.log.for_module(module)), module_(module) {}

void ConsumerTelemetry::failed(const FailedMessage& message, const Error& cause, bool is_dead) const {
  const telemetry::Log log = log_.with({message.trace.trace_id, message.trace.span_id});
  const auto write = is_dead ? &telemetry::Log::error : &telemetry::Log::warning;
  (log.*write)(is_dead ? "message dead" : "message parked", {{"type", message.type},
                                                             {"key", message.key},
                                                             {"producer", message.producer},
                                                             {"seq", message.seq},
                                                             {"attempts", message.attempts},
                                                             {"cause", cause}});
}

void ConsumerTelemetry::waits(const std::string& producer, const Descriptor& type, const Error& cause) {
  if (!waiting_.insert(producer).second) return;
  log_.warning("messages wait", {{"producer", producer}, {"type", type.type}, {"cause", cause}});
}

void ConsumerTelemetry::goes_on(const std::string& producer) {
  if (waiting_.empty() || waiting_.erase(producer) == 0) return;
  log_.info("messages go on", {{"producer", producer}});
}

void ConsumerTelemetry::work_failed(std::string_view work, const Error& cause) const {
  log_.error("own work failed", {{"work", work}, {"cause", cause}});
}

void ConsumerTelemetry::group_lost(std::size_t size, const Error& cause) const {
  log_.error("transaction lost", {{"messages", size}, {"cause", cause}});
}

ConsumerTelemetry::Handles& ConsumerTelemetry::of(const Descriptor& type) {
  if (const auto known = handles_.find(&type); known != handles_.end()) return known->second;
  const auto counter = [&](Outcome outcome) {
    return metrics_.counter(telemetry::names::consumer_messages,
                            {{"module", module_},
                             {"type", std::string{type.type}},
                             {"outcome", std::string{to_string(outcome)}}});
  };
  Handles handles{.counts = {counter(Outcome::done), counter(Outcome::rejected), counter(Outcome::failed),
                             counter(Outcome::retried), counter(Outcome::dead), counter(Outcome::repeated)},
                  .duration = metrics_.histogram(telemetry::names::consumer_duration,
                                                 {{"module", module_}, {"type", std::string{type.type}}})};
  return handles_.emplace(&type, std::move(handles)).first->second;
}

}  // namespace banyan::module
