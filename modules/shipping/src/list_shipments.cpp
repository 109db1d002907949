#include "shipment_rows.hpp"
#include "shop/shipping/reasons.hpp"
#include "use_cases.hpp"

namespace shop::shipping {
namespace {

/// An order has at most one shipment, so its page is the last one.
ShipmentPage page_of_order(View& view, const banyan::Uuid& order_id) {
  ShipmentPage page;
  if (auto shipment = find_shipment_of_order(view, order_id)) page.items.push_back(*std::move(shipment));
  return page;
}

std::vector<banyan::Uuid> ids_after(View& view, const banyan::Uuid& last, std::int64_t count_max) {
  std::vector<banyan::Uuid> ids;
  auto rows = view.query(
      "SELECT shipment_id FROM shipping_shipment WHERE shipment_id > ?1 ORDER BY shipment_id LIMIT ?2", last,
      count_max);
  while (rows.next()) ids.push_back(rows.get<banyan::Uuid>(0));
  return ids;
}

}  // namespace

Result<ShipmentPage> list_shipments(View& view, const ListShipments& query, const Context&) {
  const Result<banyan::Uuid> last = query.cursor ? banyan::parse_uuid(*query.cursor) : banyan::Uuid{};
  if (!last.ok()) return reject(bad_cursor, *query.cursor);
  if (query.order_id) return page_of_order(view, *query.order_id);

  ShipmentPage page;
  for (const banyan::Uuid& id : ids_after(view, last.value(), query.limit + 1)) {
    if (std::ssize(page.items) == query.limit) {
      page.next_cursor = to_string(page.items.back().shipment_id);
      break;
    }
    page.items.push_back(find_shipment(view, id).value());
  }
  return page;
}

}  // namespace shop::shipping
