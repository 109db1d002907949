#include "shop/shipping/module.hpp"

#include <utility>

#include "migrations.hpp"
#include "shop/shipping/contract.hpp"
#include "shop/shipping/http.hpp"
#include "use_cases.hpp"

namespace shop::shipping {

banyan::module::Module shipping(Carriers carriers) {
  return banyan::module::Module{"shipping", messages()}
      .migrates(migrations())
      .serves(http())
      .handles<CreateShipment>(
          [carriers = std::move(carriers)](Tx& tx, const CreateShipment& command, const Context& context) {
            return create_shipment(tx, carriers, command, context);
          })
      .handles<CancelShipment>(cancel_shipment)
      .handles<AdvanceShipment>(advance_shipment)
      .answers<GetShipment>(get_shipment)
      .answers<ListShipments>(list_shipments)
      .projects<orders::OrderConfirmed>(release_shipment);
}

}  // namespace shop::shipping
