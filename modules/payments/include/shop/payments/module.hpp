#pragma once
#include <memory>

#include "banyan/module/module.hpp"
#include "shop/payments/provider.hpp"

namespace shop::payments {

/// Payments, refunds and invoices, with the money at `provider`.
banyan::module::Module payments(std::shared_ptr<const PaymentProvider> provider = built_in_provider());

}  // namespace shop::payments
