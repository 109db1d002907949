#include "shipment_rows.hpp"
#include "shipment_rules.hpp"
#include "shop/shipping/reasons.hpp"
#include "use_cases.hpp"

namespace shop::shipping {

Result<Shipment> advance_shipment(Tx& tx, const AdvanceShipment& command, const Context& context) {
  auto shipment = find_shipment(tx, command.shipment_id);
  if (!shipment) return reject(unknown_shipment, to_string(command.shipment_id));
  const ShipmentState to = state_after(command.state);
  if (shipment->state == to) return *std::move(shipment);
  if (!is_released(tx, command.shipment_id)) {
    std::string order = to_string(shipment->order_id);
    return tx.unless_told<orders::OrderConfirmed>(order, reject(order_not_confirmed, order));
  }
  if (!can_become(shipment->state, to)) {
    return reject(wrong_state,
                  "from " + std::string{to_string(shipment->state)} + " to " + std::string{to_string(to)});
  }
  move_shipment(tx, *shipment, to, context.now);
  return *std::move(shipment);
}

}  // namespace shop::shipping
