#include <optional>

#include "order_rows.hpp"
#include "use_cases.hpp"

namespace shop::orders {
namespace {

std::optional<OrderStatus> status_for(shipping::ShipmentState state) {
  switch (state) {
    case shipping::ShipmentState::picked_up:
    case shipping::ShipmentState::in_transit:
      return OrderStatus::shipped;
    case shipping::ShipmentState::delivered:
      return OrderStatus::delivered;
    case shipping::ShipmentState::returned:
      return OrderStatus::returned;
    case shipping::ShipmentState::created:
    case shipping::ShipmentState::cancelled:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

Status remember_customer(Tx& tx, const users::CustomerRegistered& event, const Context&) {
  tx.execute("INSERT INTO orders_customer (customer_id) VALUES (?1) ON CONFLICT (customer_id) DO NOTHING",
             event.customer_id);
  return banyan::success();
}

Status follow_shipment(Tx& tx, const shipping::ShipmentStateChanged& event, const Context& context) {
  const auto status = status_for(event.state);
  if (!status || find_status(tx, event.order_id) == OrderStatus::cancelled) return banyan::success();
  set_status(tx, event.order_id, *status, context.now);
  add_history(tx, event.order_id,
              {.at = context.now, .step = "shipment", .outcome = std::string{to_string(event.state)}});
  return banyan::success();
}

}  // namespace shop::orders
