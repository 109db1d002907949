#include "server.hpp"

#include <utility>

#include "banyan/telemetry/names.hpp"
#include "call_codec.hpp"
#include "names.hpp"

namespace banyan::remote {

Server::Server(std::string self, message::Endpoint& endpoint, nats::Connection& connection,
               const Environment& environment, const BusOptions& options, const Presence& presence)
    : self_(std::move(self)),
      endpoint_(endpoint),
      connection_(connection),
      environment_(environment),
      options_(options),
      log_(presence.log),
      services_(self_, to_string(IdSource{environment.clock, environment.random}.next()), options.version,
                environment.clock.utc(), presence.facts),
      refused_(environment.metrics.counter(telemetry::names::calls_refused, {{"module", self_}})) {}

void Server::allow(std::string_view caller, const message::Descriptor& type) {
  const auto subject = call_subject(type.type);
  if (!subject.ok()) return;
  const auto [operation, is_new] = operations_.try_emplace(subject.value().text(), Allowed{&type, {}, {}});
  if (is_new) operation->second.stats = services_.add(type.type, subject.value().text());
  operation->second.callers.emplace(caller);
}

void Server::start() {
  const Status listening = connection_.subscribe(
      "rpc." + self_ + ".>", self_, [this](nats::Message message) { on_message(std::move(message)); });
  if (!listening.ok()) environment_.log.error("no calls are taken", {{"cause", listening.error()}});
  services_.start(connection_);
}

void Server::on_message(nats::Message message) {
  const auto respond = [this](const nats::Message& to, const message::Reply& reply) {
    const Status sent = send(to, reply);
    if (sent.ok() || sent.error().reason() != "nats.too_large") return;
    const Error error{Errc::internal, "remote.answer_too_large", sent.error().detail()};
    static_cast<void>(send(to, error));  // the caller learns by its deadline
  };
  const auto operation = operations_.find(message.subject);
  if (operation == operations_.end()) {
    return respond(message, Error{Errc::not_found, "message.not_handled", message.subject});
  }
  const Instant began = environment_.clock.now();
  auto request = read(operation->second, message);
  if (!request.ok()) {
    operation->second.stats->answered(Duration::zero(), &request.error());
    return respond(message, request.error());
  }
  nats::Message to;
  to.reply = std::move(message.reply);
  ++*under_way_;
  request.value().reply = [respond, began, &clock = environment_.clock, stats = operation->second.stats,
                           under_way = under_way_, to = std::move(to)](message::Reply reply) {
    respond(to, reply);
    stats->answered(clock.now() - began, reply.ok() ? nullptr : &reply.error());
    --*under_way;
  };
  arrived_.push_back(std::move(request).value());
  if (arrived_.size() == 1) connection_.call_on_loop([this] { submit_arrived(); });
}

// Hands over all calls that were read in one go, so that the receiving actor is woken once.
void Server::submit_arrived() {
  for (message::Request& request : std::exchange(arrived_, {})) endpoint_.submit(std::move(request));
}

Status Server::send(const nats::Message& to, const message::Reply& reply) const {
  Sheet sheet = encode(reply, log_);
  return connection_.respond(to, std::move(sheet.headers), std::move(sheet.body));
}

Result<message::Request> Server::read(const Allowed& operation, const nats::Message& message) {
  auto request = decode(message, *operation.type, environment_.clock.now());
  if (!request.ok()) return request;
  const Status allowed = check(operation, message, request.value().parcel->envelope.source);
  return allowed.ok() ? std::move(request) : refuse(message, allowed.error());
}

// Logs the reason, but does not send it, because it would help an attacker more than an honest caller.
Error Server::refuse(const nats::Message& message, const Error& why) {
  refused_.add();
  environment_.log.warning("call refused", {{"subject", message.subject}, {"cause", why}});
  return {why.code(), why.reason()};
}

// The token that proves who is calling must agree with the source that the message names.
Status Server::check(const Allowed& operation, const nats::Message& message,
                     const std::string& source) const {
  if (options_.verifier) {
    const auto caller = options_.verifier(authorization_of(message));
    if (!caller.ok()) return caller.error();
    if (caller.value() != source) {
      return Error{Errc::rejected, "remote.not_allowed", caller.value() + " speaks for " + source};
    }
  }
  if (operation.callers.contains(source)) return success();
  return Error{Errc::rejected, "remote.not_allowed", source + " may not ask this"};
}

}  // namespace banyan::remote
