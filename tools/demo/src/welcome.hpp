#pragma once
#include <string>

#include "shop/rest/shop.hpp"

namespace shop::demo {

/// Prints where everything is, and a command that places an order.
banyan::Status welcome(rest::Shop& shop, const std::string& url);

}  // namespace shop::demo
