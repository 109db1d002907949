#include "shipment_rows.hpp"
#include "shop/shipping/reasons.hpp"
#include "use_cases.hpp"

namespace shop::shipping {

Result<Shipment> get_shipment(View& view, const GetShipment& query, const Context&) {
  auto shipment = find_shipment(view, query.shipment_id);
  if (!shipment) return reject(unknown_shipment, to_string(query.shipment_id));
  return *std::move(shipment);
}

}  // namespace shop::shipping
