#include "banyan/delivery/restore.hpp"

namespace banyan::delivery {

Result<message::ParcelPtr> restore(std::string_view type, std::string_view headers, std::string_view payload,
                                   const message::Registry& registry) {
  const auto bad = [&](const std::string& why) {
    return Error{Errc::data_loss, "delivery.bad_row", std::string{type} + ": " + why};
  };
  const message::Descriptor* descriptor = registry.find(type);
  if (descriptor == nullptr) return bad("no module of this process declares the type");
  auto envelope = message::from_headers(headers);
  if (!envelope.ok()) return bad(envelope.error().detail());
  auto body = message::decode(*descriptor, payload);
  if (!body.ok()) return bad(body.error().detail());
  return message::ParcelPtr{std::make_shared<const message::Parcel>(
      message::Parcel{std::move(envelope).value(), std::move(body).value()})};
}

}  // namespace banyan::delivery
