#include "product_rows.hpp"
#include "shop/inventory/reasons.hpp"
#include "use_cases.hpp"

namespace shop::inventory {

Result<ProductAddition> add_product(Tx& tx, const AddProduct& command, const Context& context) {
  const Product product{.product_id = context.new_id(),
                        .version = 1,
                        .sku = command.sku,
                        .name = command.name,
                        .description = command.description,
                        .category = command.category,
                        .unit_price = command.unit_price,
                        .available = command.initial_stock};
  if (!insert_product(tx, product, context.now)) return reject(sku_taken, command.sku);
  tx.publish(ProductAdded{.product_id = product.product_id,
                          .sku = product.sku,
                          .name = product.name,
                          .category = product.category,
                          .unit_price = product.unit_price});
  return ProductAddition{.product_id = product.product_id, .version = product.version};
}

}  // namespace shop::inventory
