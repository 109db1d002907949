#pragma once
#include "shop/inventory/messages.hpp"

namespace shop::inventory {

/// The most units of one product that can be kept.
inline constexpr std::int64_t stock_max = 1'000'000'000;

/// Whether `quantity` more units of the product can be kept.
bool has_room_for(const Product& product, std::int64_t quantity) noexcept;

/// The product with the members that `change` names, one version on.
Product changed(Product product, const ChangeProduct& change);

}  // namespace shop::inventory
