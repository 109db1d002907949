#pragma once
#include "banyan/module/module.hpp"

namespace shop::orders {

/// Orders: pricing, life cycle, and the sagas that carry them out and take them back.
banyan::module::Module orders();

}  // namespace shop::orders
