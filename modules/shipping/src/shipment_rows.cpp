#include "shipment_rows.hpp"

namespace shop::shipping {
namespace {

std::vector<TrackingEntry> tracking_of(banyan::View& view, const banyan::Uuid& shipment_id) {
  std::vector<TrackingEntry> entries;
  auto rows = view.query("SELECT state, at FROM shipping_tracking WHERE shipment_id = ?1 ORDER BY entry",
                         shipment_id);
  while (rows.next()) {
    entries.push_back({.state = rows.get_as(0, parse_shipment_state), .at = rows.get<banyan::Timestamp>(1)});
  }
  return entries;
}

}  // namespace

std::optional<Shipment> find_shipment(banyan::View& view, const banyan::Uuid& shipment_id) {
  auto rows = view.query(
      R"(SELECT version, order_id, customer_id, carrier, tracking_number, state, units,
                name, street, city, region, postal_code, country
         FROM shipping_shipment WHERE shipment_id = ?1)",
      shipment_id);
  if (!rows.next()) return std::nullopt;
  return Shipment{
      .shipment_id = shipment_id,
      .version = rows.get<std::int64_t>(0),
      .order_id = rows.get<banyan::Uuid>(1),
      .customer_id = rows.get<banyan::Uuid>(2),
      .carrier = rows.get<std::string>(3),
      .tracking_number = rows.get<std::string>(4),
      .state = rows.get_as(5, parse_shipment_state),
      .ship_to = {.name = rows.get<std::string>(7),
                  .street = rows.get<std::string>(8),
                  .city = rows.get<std::string>(9),
                  .region = rows.get<std::optional<std::string>>(10),
                  .postal_code = rows.get<std::optional<std::string>>(11),
                  .country = rows.get<std::string>(12)},
      .units = rows.get<std::int64_t>(6),
      .tracking = tracking_of(view, shipment_id),
  };
}

std::optional<Shipment> find_shipment_of_order(banyan::View& view, const banyan::Uuid& order_id) {
  const auto shipment_id =
      view.find<banyan::Uuid>("SELECT shipment_id FROM shipping_shipment WHERE order_id = ?1", order_id);
  return shipment_id ? find_shipment(view, *shipment_id) : std::nullopt;
}

bool is_released(banyan::View& view, const banyan::Uuid& shipment_id) {
  return view.find<int>("SELECT 1 FROM shipping_shipment WHERE shipment_id = ?1 AND is_released", shipment_id)
      .has_value();
}

void release_shipment_of(banyan::Tx& tx, const banyan::Uuid& order_id) {
  tx.execute("UPDATE shipping_shipment SET is_released = 1 WHERE order_id = ?1", order_id);
}

void move_shipment(banyan::Tx& tx, Shipment& shipment, ShipmentState state, banyan::Timestamp now) {
  shipment.version += 1;
  shipment.state = state;
  shipment.tracking.push_back({.state = state, .at = now});
  tx.execute("UPDATE shipping_shipment SET version = ?2, state = ?3 WHERE shipment_id = ?1",
             shipment.shipment_id, shipment.version, to_string(state));
  add_tracking(tx, shipment, now);
  tx.publish(ShipmentStateChanged{.shipment_id = shipment.shipment_id,
                                  .order_id = shipment.order_id,
                                  .customer_id = shipment.customer_id,
                                  .state = state,
                                  .carrier = shipment.carrier,
                                  .tracking_number = shipment.tracking_number});
}

void add_tracking(banyan::Tx& tx, const Shipment& shipment, banyan::Timestamp now) {
  tx.execute("INSERT INTO shipping_tracking (shipment_id, entry, state, at) VALUES (?1, ?2, ?3, ?4)",
             shipment.shipment_id, shipment.version, to_string(shipment.state), now);
}

}  // namespace shop::shipping
