#pragma once
#include <string_view>

#include "banyan/message/envelope.hpp"
#include "banyan/message/registry.hpp"

namespace banyan::delivery {

/// A message as the tables keep it, made whole again.
/// Errors: data_loss "delivery.bad_row" with what is wrong in the detail.
Result<message::ParcelPtr> restore(std::string_view type, std::string_view headers, std::string_view payload,
                                   const message::Registry& registry);

}  // namespace banyan::delivery
