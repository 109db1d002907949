#include "banyan/message/call.hpp"

namespace banyan::message {

Request to_request(Payload payload, const CallOptions& options, ReplyHandler reply) {
  Envelope envelope = options.envelope;
  envelope.destination = payload.type().module;
  envelope.key = payload.type().key(payload.value());
  auto parcel = std::make_shared<const Parcel>(Parcel{std::move(envelope), std::move(payload)});
  return Request{std::move(parcel), std::move(reply), options.idempotency};
}

}  // namespace banyan::message
