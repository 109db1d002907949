#include "banyan/delivery/tx.hpp"

namespace banyan::delivery {

Uuid Tx::emit(message::Payload payload, Addressing addressing) {
  const message::Envelope& cause = context_.envelope();
  auto parcel = std::make_shared<message::Parcel>();
  message::Envelope& envelope = parcel->envelope;
  envelope.id = context_.new_id();
  envelope.source = module_;
  envelope.destination = std::move(addressing.destination);
  envelope.key = addressing.key.empty() ? payload.type().key(payload.value()) : std::move(addressing.key);
  envelope.time = context_.now;
  envelope.deadline = addressing.deadline;
  envelope.correlation_id = cause.correlation_id.is_nil() ? cause.id : cause.correlation_id;
  envelope.causation_id = cause.id;
  envelope.trace = context_.span();
  envelope.principal = cause.principal;
  envelope.reply_to = std::move(addressing.reply_to);
  parcel->payload = std::move(payload);
  const Uuid id = envelope.id;
  emissions_.push_back({std::move(parcel), addressing.not_before});
  return id;
}

}  // namespace banyan::delivery
