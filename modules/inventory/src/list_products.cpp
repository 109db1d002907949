#include "banyan/base/numbers.hpp"
#include "product_rows.hpp"
#include "shop/inventory/reasons.hpp"
#include "use_cases.hpp"

namespace shop::inventory {
namespace {

/// A cursor is the position of the last product of its page.
std::optional<std::int64_t> parse_cursor(std::string_view text) {
  const auto position = banyan::parse_number<std::int64_t>(text);
  return position && *position >= 1 ? position : std::nullopt;
}

}  // namespace

Result<ProductPage> list_products(View& view, const ListProducts& query, const Context&) {
  const auto last = query.cursor ? parse_cursor(*query.cursor) : 0;
  if (!last) return reject(bad_cursor, *query.cursor);

  ProductPage page;
  std::int64_t position = 0;
  for (const CatalogueEntry& entry : entries_after(view, *last, query.category, query.limit + 1)) {
    if (std::ssize(page.items) == query.limit) {
      page.next_cursor = std::to_string(position);
      break;
    }
    page.items.push_back(find_product(view, entry.product_id).value());
    position = entry.position;
  }
  return page;
}

}  // namespace shop::inventory
