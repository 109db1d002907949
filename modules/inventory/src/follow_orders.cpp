#include <algorithm>

#include "close_reservation.hpp"
#include "shop/inventory/reasons.hpp"
#include "use_cases.hpp"

namespace shop::inventory {
namespace {

struct Demand {
  banyan::Uuid product_id;
  std::int64_t wanted = 0;
  std::int64_t available = 0;
};

void sell_held(Tx& tx, const banyan::Uuid& order_id) {
  tx.execute(
      R"(UPDATE inventory_stock
         SET reserved = reserved - held.quantity, sold = sold + held.quantity
         FROM (SELECT product_id, sum(quantity) AS quantity FROM inventory_reservation_line
               WHERE order_id = ?1 GROUP BY product_id) AS held
         WHERE inventory_stock.product_id = held.product_id)",
      order_id);
}

std::vector<Demand> demand_of(Tx& tx, const banyan::Uuid& order_id) {
  auto rows = tx.query(
      R"(SELECT product_id, sum(quantity), available
         FROM inventory_reservation_line JOIN inventory_stock USING (product_id)
         WHERE order_id = ?1 GROUP BY product_id)",
      order_id);
  std::vector<Demand> demands;
  while (rows.next()) {
    demands.push_back({rows.get<banyan::Uuid>(0), rows.get<std::int64_t>(1), rows.get<std::int64_t>(2)});
  }
  return demands;
}

/// The hold has expired: sells what is available now, and records what is not.
void sell_what_is_there(Tx& tx, const banyan::Uuid& order_id, banyan::Timestamp now) {
  for (const Demand& demand : demand_of(tx, order_id)) {
    const std::int64_t taken = std::min(demand.wanted, demand.available);
    if (taken > 0) {
      tx.execute(
          R"(UPDATE inventory_stock SET available = available - ?2, sold = sold + ?2
             WHERE product_id = ?1)",
          demand.product_id, taken);
    }
    if (taken < demand.wanted) {
      tx.execute(
          R"(INSERT INTO inventory_shortfall (order_id, product_id, quantity, recorded_at)
             VALUES (?1, ?2, ?3, ?4))",
          order_id, demand.product_id, demand.wanted - taken, now);
    }
  }
}

}  // namespace

Status sell_to_order(Tx& tx, const orders::OrderConfirmed& event, const Context& context) {
  using enum ReservationState;
  if (change_state(tx, event.order_id, held, consumed, context.now)) {
    sell_held(tx, event.order_id);
  } else if (change_state(tx, event.order_id, expired, consumed, context.now)) {
    sell_what_is_there(tx, event.order_id, context.now);
  } else if (!find_reservation(tx, event.order_id)) {
    // Nothing was ever held for it: it waits as a dead letter until somebody has looked.
    return reject(unknown_reservation, to_string(event.order_id));
  }
  return banyan::success();
}

Status release_cancelled(Tx& tx, const orders::OrderCancelled& event, const Context& context) {
  close_reservation(tx, event.order_id, context.now);
  return banyan::success();
}

}  // namespace shop::inventory
