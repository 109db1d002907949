#include "product_rows.hpp"
#include "product_rules.hpp"
#include "shop/inventory/reasons.hpp"
#include "use_cases.hpp"

namespace shop::inventory {

Result<Product> change_product(Tx& tx, const ChangeProduct& command, const Context& context) {
  auto product = find_product(tx, command.product_id);
  if (!product) return reject(unknown_product, to_string(command.product_id));
  if (product->version != command.expected_version) {
    return reject(stale_version, "the newest version is " + std::to_string(product->version));
  }
  Product newest = changed(*std::move(product), command);
  update_product(tx, newest, context.now);
  return newest;
}

}  // namespace shop::inventory
