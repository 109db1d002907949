#include "product_rows.hpp"
#include "product_rules.hpp"
#include "shop/inventory/reasons.hpp"
#include "use_cases.hpp"

namespace shop::inventory {

Result<Product> restock_product(Tx& tx, const RestockProduct& command, const Context&) {
  auto product = find_product(tx, command.product_id);
  if (!product) return reject(unknown_product, to_string(command.product_id));
  if (!has_room_for(*product, command.quantity)) {
    return reject(stock_limit, "at most " + std::to_string(stock_max) + " units can be kept");
  }
  product->available += command.quantity;
  update_available(tx, *product);
  tx.publish(StockRestocked{
      .product_id = command.product_id, .quantity = command.quantity, .available = product->available});
  return *std::move(product);
}

}  // namespace shop::inventory
