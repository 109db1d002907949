#pragma once
#include <memory>

#include "banyan/saga/saga.hpp"

namespace shop::orders {

/// Of a confirmed order: cancel shipment → refund payment → return stock.
std::shared_ptr<const banyan::saga::Definition> cancellation_saga();

}  // namespace shop::orders
