#pragma once
#include <memory>

#include "banyan/saga/saga.hpp"

namespace shop::orders {

/// Reserve stock → authorise payment → create shipment → capture payment → confirm.
std::shared_ptr<const banyan::saga::Definition> checkout_saga();

}  // namespace shop::orders
