#include "shipment_rows.hpp"
#include "shipment_rules.hpp"
#include "shop/shipping/reasons.hpp"
#include "use_cases.hpp"

namespace shop::shipping {

Result<ShipmentCancellation> cancel_shipment(Tx& tx, const CancelShipment& command, const Context& context) {
  auto shipment = find_shipment_of_order(tx, command.order_id);
  if (!shipment || shipment->state == ShipmentState::cancelled) {
    return ShipmentCancellation{.order_id = command.order_id, .cancelled = false};
  }
  if (!can_become(shipment->state, ShipmentState::cancelled)) {
    return reject(already_shipped, std::string{to_string(shipment->state)});
  }
  move_shipment(tx, *shipment, ShipmentState::cancelled, context.now);
  return ShipmentCancellation{.order_id = command.order_id, .cancelled = true};
}

}  // namespace shop::shipping
