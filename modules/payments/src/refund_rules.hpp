#pragma once
#include <optional>

#include "banyan/base/money.hpp"
#include "banyan/base/result.hpp"
#include "shop/payments/messages.hpp"

namespace shop::payments {

/// The most refunds of one payment that give something back.
inline constexpr std::size_t refunds_max = 100;

/// How much a refund of `wanted`, or without it of all that is left, gives back, in minor units of the
/// payment's currency; 0 if nothing is left. Errors: not_refundable (an amount is wanted of a payment that
/// was not captured, or that has refunds_max refunds), currency_mismatch, refund_too_large.
banyan::Result<std::int64_t> amount_to_refund(const Payment& payment,
                                              const std::optional<banyan::Money>& wanted);

/// The payment after `amount_minor`, at most what is left, was given back. Its list of refunds stays.
Payment after_refund(Payment payment, std::int64_t amount_minor);

}  // namespace shop::payments
