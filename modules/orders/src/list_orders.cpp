#include <algorithm>

#include "shop/orders/reasons.hpp"
#include "use_cases.hpp"

namespace shop::orders {
namespace {

// Ids rise with time, so the newest order has the largest. The first page begins above all of them.
Result<banyan::Uuid> before(const ListOrders& query) {
  if (query.cursor) return banyan::parse_uuid(*query.cursor);
  banyan::Uuid all_ones;
  all_ones.bytes.fill(std::byte{0xff});
  return all_ones;
}

OrderSummary to_summary(const banyan::store::Rows& row) {
  OrderSummary summary{.order_id = row.get<banyan::Uuid>(0),
                       .status = parse_order_status(row.get<std::string_view>(1)).value(),
                       .reference = row.get<std::optional<std::string>>(2),
                       .placed_at = row.get<banyan::Timestamp>(5)};
  if (const auto total = row.get<std::optional<std::int64_t>>(3)) {
    summary.total = {*total, row.get<std::string>(4)};
  }
  return summary;
}

}  // namespace

Result<OrderPage> list_orders(View& view, const ListOrders& query, const Context&) {
  const auto last = before(query);
  if (!last.ok()) return reject(bad_cursor, *query.cursor);
  auto rows = view.query(
      R"(SELECT order_id, status, reference, total_minor, currency, placed_at FROM orders_order
         WHERE customer_id = ?1 AND order_id < ?2 ORDER BY order_id DESC LIMIT ?3)",
      query.customer_id, last.value(), query.limit + 1);
  OrderPage page;
  while (rows.next()) {
    if (std::ssize(page.items) == query.limit) {
      page.next_cursor = to_string(page.items.back().order_id);
      break;
    }
    page.items.push_back(to_summary(rows));
  }
  return page;
}

}  // namespace shop::orders
