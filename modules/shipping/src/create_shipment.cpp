#include "shipment_rows.hpp"
#include "shipment_rules.hpp"
#include "shop/shipping/reasons.hpp"
#include "use_cases.hpp"

namespace shop::shipping {
namespace {

ShipmentCreated created(const Shipment& shipment) {
  return {.shipment_id = shipment.shipment_id,
          .order_id = shipment.order_id,
          .carrier = shipment.carrier,
          .tracking_number = shipment.tracking_number};
}

void insert(Tx& tx, const Shipment& shipment) {
  const Address& to = shipment.ship_to;
  tx.execute(
      R"(INSERT INTO shipping_shipment (shipment_id, version, order_id, customer_id, carrier, tracking_number,
                                        state, units, name, street, city, region, postal_code, country,
                                        is_released)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, 0))",
      shipment.shipment_id, shipment.version, shipment.order_id, shipment.customer_id, shipment.carrier,
      shipment.tracking_number, to_string(shipment.state), shipment.units, to.name, to.street, to.city,
      to.region, to.postal_code, to.country);
}

}  // namespace

Result<ShipmentCreated> create_shipment(Tx& tx, const Carriers& carriers, const CreateShipment& command,
                                        const Context& context) {
  if (const auto existing = find_shipment_of_order(tx, command.order_id)) {
    if (existing->state == ShipmentState::cancelled)
      return reject(shipment_closed, to_string(command.order_id));
    return created(*existing);
  }
  const Result<const Carrier*> chosen = choose(carriers, command.carrier);
  if (!chosen.ok()) return chosen.error();
  const Carrier& carrier = *chosen.value();
  if (!carrier.serves(command.ship_to.country)) return reject(unsupported_country, command.ship_to.country);

  const banyan::Uuid shipment_id = context.new_id();
  const Shipment shipment{.shipment_id = shipment_id,
                          .version = 1,
                          .order_id = command.order_id,
                          .customer_id = command.customer_id,
                          .carrier = std::string{carrier.code()},
                          .tracking_number = carrier.tracking_number(shipment_id),
                          .state = ShipmentState::created,
                          .ship_to = command.ship_to,
                          .units = command.units,
                          .tracking = {}};
  insert(tx, shipment);
  add_tracking(tx, shipment, context.now);
  return created(shipment);
}

}  // namespace shop::shipping
