#include "product_rules.hpp"

#include <utility>

namespace shop::inventory {

bool has_room_for(const Product& product, std::int64_t quantity) noexcept {
  return product.available + product.reserved <= stock_max - quantity;
}

Product changed(Product product, const ChangeProduct& change) {
  if (change.name) product.name = *change.name;
  if (change.description) product.description = change.description;
  if (change.category) product.category = *change.category;
  if (change.unit_price) product.unit_price = *change.unit_price;
  product.version += 1;
  return product;
}

}  // namespace shop::inventory
