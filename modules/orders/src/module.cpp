#include "shop/orders/module.hpp"

#include "cancellation.hpp"
#include "checkout.hpp"
#include "migrations.hpp"
#include "shop/orders/contract.hpp"
#include "shop/orders/http.hpp"
#include "use_cases.hpp"

namespace shop::orders {

banyan::module::Module orders() {
  return banyan::module::Module{"orders", messages()}
      .migrates(migrations())
      .serves(http())
      .handles<PlaceOrder>(place_order)
      .handles<CancelOrder>(cancel_order)
      .answers<GetOrder>(get_order)
      .answers<ListOrders>(list_orders)
      .projects<users::CustomerRegistered>(remember_customer)
      .on<shipping::ShipmentStateChanged>(follow_shipment)
      .runs(checkout_saga())
      .runs(cancellation_saga());
}

}  // namespace shop::orders
