#include "passage.hpp"

#include <stdexcept>

namespace banyan::testing {
namespace {

[[noreturn]] void refuse(const message::Payload& payload, const Error& error) {
  throw std::logic_error(std::string{payload.type().type} + " breaks its contract: " + error.reason() + ": " +
                         error.detail());
}

}  // namespace

message::ParcelPtr through_bytes(const message::Parcel& parcel, const message::Registry& registry) {
  auto read = message::from_bytes(message::to_bytes(parcel, Instant{}), registry, Instant{});
  if (!read.ok()) refuse(parcel.payload, read.error());
  return std::move(read).value();
}

message::Reply through_json(const message::Reply& reply) {
  if (!reply.ok()) return reply;
  auto read = message::decode(reply.value().type(), reply.value().to_json());
  if (!read.ok()) refuse(reply.value(), read.error());
  return read;
}

}  // namespace banyan::testing
