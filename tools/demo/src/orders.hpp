#pragma once
#include <set>
#include <string>

#include "shop/rest/shop.hpp"

namespace shop::demo {

/// Places orders that end in each of the ways in which an order can end, and prints the steps of each;
/// those of `remote` modules are marked.
/// Errors: internal "demo.unexpected_end" if one did not end as it should; those of the shop.
banyan::Status place_orders(rest::Shop& shop, const std::set<std::string>& remote);

}  // namespace shop::demo
