#include "close_reservation.hpp"
#include "use_cases.hpp"

namespace shop::inventory {
namespace {

/// One run gives back at most so many, so that it does not keep the writer from other work; the next run goes
/// on.
constexpr std::int64_t expiries_per_run_max = 1'000;

std::vector<ReservationHead> find_overdue(Tx& tx, banyan::Age now) {
  auto rows = tx.query(
      R"(SELECT order_id, customer_id, expires_at FROM inventory_reservation
         WHERE state = 'held' AND expires <= ?1 ORDER BY expires LIMIT ?2)",
      now, expiries_per_run_max);
  std::vector<ReservationHead> overdue;
  while (rows.next()) {
    overdue.push_back({.order_id = rows.get<banyan::Uuid>(0),
                       .customer_id = rows.get<banyan::Uuid>(1),
                       .state = ReservationState::held,
                       .expires_at = rows.get<banyan::Timestamp>(2)});
  }
  return overdue;
}

}  // namespace

Status expire_reservations(Tx& tx, const Context& context) {
  for (const ReservationHead& reservation : find_overdue(tx, context.age)) {
    give_back(tx, reservation, ReservationState::expired, context.now);
  }
  return banyan::success();
}

}  // namespace shop::inventory
