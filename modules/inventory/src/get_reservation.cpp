#include "reservation_rows.hpp"
#include "shop/inventory/reasons.hpp"
#include "use_cases.hpp"

namespace shop::inventory {

Result<Reservation> get_reservation(View& view, const GetReservation& query, const Context&) {
  const auto head = find_reservation(view, query.order_id);
  if (!head || !head->customer_id) return reject(unknown_reservation, to_string(query.order_id));
  return Reservation{.order_id = head->order_id,
                     .customer_id = *head->customer_id,
                     .state = head->state,
                     .lines = lines_of(view, head->order_id),
                     .expires_at = head->expires_at};
}

}  // namespace shop::inventory
