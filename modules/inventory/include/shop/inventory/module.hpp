#pragma once
#include "banyan/module/module.hpp"

namespace shop::inventory {

/// The catalogue, its search, and the stock with reservations in two phases.
banyan::module::Module inventory();

}  // namespace shop::inventory
