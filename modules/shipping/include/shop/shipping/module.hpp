#pragma once
#include "banyan/module/module.hpp"
#include "shop/shipping/carrier.hpp"

namespace shop::shipping {

/// Shipments, carried by `carriers`.
banyan::module::Module shipping(Carriers carriers = built_in_carriers());

}  // namespace shop::shipping
