#pragma once
#include "shop/rest/shop.hpp"

namespace shop::demo {

/// Places orders that end in each of the ways in which an order can end, and prints the steps of each.
/// Errors: internal "demo.unexpected_end" if one did not end as it should; those of the shop.
banyan::Status place_orders(rest::Shop& shop);

}  // namespace shop::demo
