#include "close_reservation.hpp"

#include "reservation_rules.hpp"

namespace shop::inventory {
namespace {

void make_available(banyan::Tx& tx, const StockLine& line, ReservationState from) {
  if (from == ReservationState::held) {
    tx.execute(
        R"(UPDATE inventory_stock
           SET available = available + ?2, reserved = reserved - ?2
           WHERE product_id = ?1)",
        line.product_id, line.quantity);
  } else {
    tx.execute(
        R"(UPDATE inventory_stock
           SET available = available + ?2, sold = sold - ?2
           WHERE product_id = ?1)",
        line.product_id, line.quantity);
  }
}

}  // namespace

std::int64_t give_back(banyan::Tx& tx, const ReservationHead& reservation, ReservationState to,
                       banyan::Timestamp now) {
  BANYAN_ASSERT(reservation.state == ReservationState::held ||
                reservation.state == ReservationState::consumed);
  std::vector<StockLine> lines = units_kept_for(tx, reservation.order_id);
  for (const StockLine& line : lines) make_available(tx, line, reservation.state);
  change_state(tx, reservation.order_id, reservation.state, to, now);
  const std::int64_t units = units_of(lines);
  if (units > 0) {
    const bool has_expired = to == ReservationState::expired;
    tx.publish(StockReleased{.order_id = reservation.order_id,
                             .customer_id = reservation.customer_id.value(),
                             .reason = has_expired ? ReleaseReason::expired : ReleaseReason::cancelled,
                             .lines = std::move(lines)});
  }
  return units;
}

std::int64_t close_reservation(banyan::Tx& tx, const banyan::Uuid& order_id, banyan::Timestamp now) {
  const auto reservation = find_reservation(tx, order_id);
  if (!reservation) {
    insert_reservation(tx, {.order_id = order_id, .state = ReservationState::released, .expires_at = now});
    return 0;
  }
  switch (reservation->state) {
    case ReservationState::held:
    case ReservationState::consumed:
      return give_back(tx, *reservation, ReservationState::released, now);
    case ReservationState::released:
      return units_of(units_kept_for(tx, order_id));
    case ReservationState::expired:
      break;
  }
  return 0;
}

}  // namespace shop::inventory
