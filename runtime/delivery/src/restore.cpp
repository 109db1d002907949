#include "banyan/delivery/restore.hpp"

#include "banyan/message/undecoded.hpp"

namespace banyan::delivery {
namespace {

Error bad_row(std::string_view type, const std::string& why) {
  return {Errc::data_loss, "delivery.bad_row", std::string{type} + ": " + why};
}

message::ParcelPtr parcel_of(message::Envelope envelope, message::Payload payload) {
  return std::make_shared<const message::Parcel>(message::Parcel{std::move(envelope), std::move(payload)});
}

}  // namespace

Result<message::ParcelPtr> restore(std::string_view type, std::string_view headers, std::string_view payload,
                                   const message::Registry& registry, Instant written) {
  const message::Descriptor* descriptor = registry.find(type);
  if (descriptor == nullptr) return bad_row(type, "no module of this process declares the type");
  auto envelope = message::from_headers(headers, written);
  if (!envelope.ok()) return bad_row(type, envelope.error().detail());
  auto body = message::decode(*descriptor, payload);
  if (!body.ok()) return bad_row(type, body.error().detail());
  return parcel_of(std::move(envelope).value(), std::move(body).value());
}

Result<message::ParcelPtr> restore_or_keep(const message::Descriptor* type, std::string_view name,
                                           std::string_view headers, std::string_view payload,
                                           Instant written) {
  auto envelope = message::from_headers(headers, written);
  if (!envelope.ok()) return bad_row(name, envelope.error().detail());
  return parcel_of(std::move(envelope).value(), message::decode_or_keep(type, name, payload));
}

}  // namespace banyan::delivery
