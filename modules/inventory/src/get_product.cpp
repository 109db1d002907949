#include "product_rows.hpp"
#include "shop/inventory/reasons.hpp"
#include "use_cases.hpp"

namespace shop::inventory {

Result<Product> get_product(View& view, const GetProduct& query, const Context&) {
  auto product = find_product(view, query.product_id);
  if (!product) return reject(unknown_product, to_string(query.product_id));
  return *std::move(product);
}

}  // namespace shop::inventory
