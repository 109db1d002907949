#include "banyan/delivery/tx.hpp"

#include "banyan/store/failure.hpp"

namespace banyan::delivery {

Emission::Emission(message::ParcelPtr emitted, Timestamp at) : parcel(std::move(emitted)), not_before(at) {
  const bool is_kept = !parcel->payload.type().is_domain || not_before != Timestamp{};
  if (is_kept) payload = parcel->payload.to_json();
}

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
  envelope.tracestate = cause.tracestate;
  envelope.baggage = cause.baggage;
  envelope.principal = cause.principal;
  envelope.reply_to = std::move(addressing.reply_to);
  parcel->payload = std::move(payload);
  if (envelope.key.size() > key_bytes_max) {
    throw store::Failure{{Errc::invalid_argument, "message.too_large",
                          "a key of " + std::to_string(envelope.key.size()) + " bytes; " +
                              std::to_string(key_bytes_max) + " is the most"}};
  }
  const Uuid id = envelope.id;
  Emission emission{std::move(parcel), addressing.not_before};
  if (emission.payload.size() > payload_bytes_max) {
    throw store::Failure{{Errc::invalid_argument, "message.too_large",
                          std::string{emission.parcel->payload.type().type} + " of " +
                              std::to_string(emission.payload.size()) + " bytes; " +
                              std::to_string(payload_bytes_max) + " is the most"}};
  }
  emissions_.push_back(std::move(emission));
  return id;
}

}  // namespace banyan::delivery
