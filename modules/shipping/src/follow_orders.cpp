#include "shipment_rows.hpp"
#include "use_cases.hpp"

namespace shop::shipping {

// Before that the checkout may still have to call the shipment off, which nobody can once the carrier has it.
Status release_shipment(Tx& tx, const orders::OrderConfirmed& event, const Context&) {
  release_shipment_of(tx, event.order_id);
  return banyan::success();
}

}  // namespace shop::shipping
