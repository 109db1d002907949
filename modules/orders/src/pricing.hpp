#pragma once
#include <optional>
#include <vector>

#include "banyan/base/money.hpp"
#include "banyan/base/result.hpp"
#include "shop/orders/messages.hpp"

namespace shop::orders {

/// The most that one order may cost, in minor units: what one payment may take.
inline constexpr std::int64_t order_total_max = 100'000'000;

/// The price of `line`: unit price × quantity × (100 − discount) / 100, rounded half to even. Its price is
/// known. Errors: total_too_large.
banyan::Result<banyan::Money> price_of(const CheckoutLine& line);

/// The sum of all lines, whose prices are known, and the freight.
/// Errors: mixed_currencies, total_too_large.
banyan::Result<banyan::Money> total_of(const std::vector<CheckoutLine>& lines,
                                       const std::optional<banyan::Money>& freight);

/// Whether the amounts that are known so far can be added at all.
/// Errors: mixed_currencies.
banyan::Status check_currencies(const std::vector<CheckoutLine>& lines,
                                const std::optional<banyan::Money>& freight);

}  // namespace shop::orders
