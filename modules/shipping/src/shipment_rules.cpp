#include "shipment_rules.hpp"

#include <algorithm>

#include "shop/shipping/reasons.hpp"

namespace shop::shipping {

banyan::Result<const Carrier*> choose(const Carriers& carriers, const std::optional<std::string>& code) {
  BANYAN_ASSERT(!carriers.empty());
  if (!code) return carriers.front().get();
  const auto found = std::find_if(carriers.begin(), carriers.end(),
                                  [&](const auto& carrier) { return carrier->code() == *code; });
  if (found == carriers.end()) return reject(unknown_carrier, *code);
  return found->get();
}

bool can_become(ShipmentState from, ShipmentState to) noexcept {
  switch (from) {
    case ShipmentState::created:
      return to == ShipmentState::picked_up || to == ShipmentState::in_transit ||
             to == ShipmentState::delivered || to == ShipmentState::cancelled;
    case ShipmentState::picked_up:
      return to == ShipmentState::in_transit || to == ShipmentState::delivered ||
             to == ShipmentState::returned;
    case ShipmentState::in_transit:
      return to == ShipmentState::delivered || to == ShipmentState::returned;
    case ShipmentState::delivered:
      return to == ShipmentState::returned;
    case ShipmentState::returned:
    case ShipmentState::cancelled:
      return false;
  }
  return false;
}

ShipmentState state_after(Movement movement) noexcept {
  switch (movement) {
    case Movement::picked_up:
      return ShipmentState::picked_up;
    case Movement::in_transit:
      return ShipmentState::in_transit;
    case Movement::delivered:
      return ShipmentState::delivered;
    case Movement::returned:
      break;
  }
  return ShipmentState::returned;
}

}  // namespace shop::shipping
