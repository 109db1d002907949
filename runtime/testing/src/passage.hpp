#pragma once
#include "banyan/message/endpoint.hpp"
#include "banyan/message/registry.hpp"

namespace banyan::testing {

/// The same through bytes. What its own contract does not let through throws std::logic_error: a mistake of
/// the module that sent it.
message::ParcelPtr through_bytes(const message::Parcel& parcel, const message::Registry& registry);
message::Reply through_json(const message::Reply& reply);

}  // namespace banyan::testing
