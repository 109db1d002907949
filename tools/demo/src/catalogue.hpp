#pragma once
#include <span>
#include <string_view>

#include "shop/rest/shop.hpp"

namespace shop::demo {

inline constexpr std::string_view currency = "EUR";

/// The first products of the sample catalogue.
std::span<const rest::NewProduct> sample_products();
std::span<const rest::NewCustomer> sample_customers();

/// Adds the sample products and customers that are not there yet: products are told by sku, customers by
/// e-mail address.
banyan::Status seed(rest::Shop& shop);

}  // namespace shop::demo
