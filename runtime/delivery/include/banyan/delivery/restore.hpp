#pragma once
#include <string_view>

#include "banyan/message/envelope.hpp"
#include "banyan/message/registry.hpp"

namespace banyan::delivery {

/// A message as the tables keep it, made whole again. `written`: when its headers were.
/// Errors: data_loss "delivery.bad_row" with what is wrong in the detail.
Result<message::ParcelPtr> restore(std::string_view type, std::string_view headers, std::string_view payload,
                                   const message::Registry& registry, Instant written);

/// The same, as message::decode_or_keep does it: a body that can't be decoded as `type` is kept as it is.
/// Errors: data_loss "delivery.bad_row": the headers are no headers.
Result<message::ParcelPtr> restore_or_keep(const message::Descriptor* type, std::string_view name,
                                           std::string_view headers, std::string_view payload,
                                           Instant written);

}  // namespace banyan::delivery
