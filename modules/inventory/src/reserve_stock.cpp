#include "reservation_rows.hpp"
#include "reservation_rules.hpp"
#include "shop/inventory/reasons.hpp"
#include "use_cases.hpp"

namespace shop::inventory {
namespace {

/// The order has a reservation: the answer of the first time, while it stands.
Result<StockReserved> answer_again(Tx& tx, const banyan::Uuid& order_id) {
  const ReservationHead head = find_reservation(tx, order_id).value();
  if (head.state == ReservationState::released || head.state == ReservationState::expired) {
    return reject(reservation_closed, std::string{to_string(head.state)});
  }
  return StockReserved{.order_id = order_id, .lines = lines_of(tx, order_id), .expires_at = head.expires_at};
}

bool hold(Tx& tx, const StockLine& line) {
  return tx.execute(
             R"(UPDATE inventory_stock
                SET available = available - ?2, reserved = reserved + ?2
                WHERE product_id = ?1 AND available >= ?2)",
             line.product_id, line.quantity) == 1;
}

}  // namespace

Result<StockReserved> reserve_stock(Tx& tx, const ReserveStock& command, const Context& context) {
  const ReservationHead head{.order_id = command.order_id,
                             .customer_id = command.customer_id,
                             .state = ReservationState::held,
                             .expires_at = context.now + hold_time};
  if (!insert_reservation(tx, head)) return answer_again(tx, command.order_id);

  StockReserved reserved{.order_id = command.order_id, .expires_at = head.expires_at};
  for (const StockLine& line : command.lines) {
    auto price = insert_line(tx, command.order_id, std::ssize(reserved.lines), line);
    if (!price) return reject(unknown_product, to_string(line.product_id));
    if (!hold(tx, line)) {
      return reject(out_of_stock,
                    "fewer than " + std::to_string(line.quantity) + " of " + to_string(line.product_id));
    }
    reserved.lines.push_back({line.product_id, line.quantity, *std::move(price)});
  }
  return reserved;
}

}  // namespace shop::inventory
