#pragma once
#include <string_view>

#include "banyan/base/result.hpp"
#include "shop/shipping/carrier.hpp"
#include "shop/shipping/messages.hpp"

namespace shop::shipping {

/// The carrier that `code` names; the default one for none. Errors: shipping.unknown_carrier.
banyan::Result<const Carrier*> choose(const Carriers& carriers, const std::optional<std::string>& code);

/// Whether a shipment in state `from` can be reported to be in state `to`. Steps may be left out, but not
/// gone back; what was picked up can be returned; cancelled and returned are final.
bool can_become(ShipmentState from, ShipmentState to) noexcept;

/// The state in which a carrier's report puts a shipment.
ShipmentState state_after(Movement movement) noexcept;

}  // namespace shop::shipping
