#include "shop/inventory/module.hpp"

#include "migrations.hpp"
#include "shop/inventory/contract.hpp"
#include "shop/inventory/http.hpp"
#include "use_cases.hpp"

namespace shop::inventory {

banyan::module::Module inventory() {
  using namespace std::chrono_literals;
  return banyan::module::Module{"inventory", messages()}
      .migrates(migrations())
      .serves(http())
      .handles<AddProduct>(add_product)
      .handles<ChangeProduct>(change_product)
      .handles<RestockProduct>(restock_product)
      .handles<ReserveStock>(reserve_stock)
      .handles<ReleaseStock>(release_stock)
      .answers<GetProduct>(get_product)
      .answers<ListProducts>(list_products)
      .answers<SearchProducts>(search_products)
      .answers<GetReservation>(get_reservation)
      .on<orders::OrderConfirmed>(sell_to_order)
      .on<orders::OrderCancelled>(release_cancelled)
      .every(10s, "expire reservations", expire_reservations);
}

}  // namespace shop::inventory
