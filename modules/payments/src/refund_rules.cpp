#include "refund_rules.hpp"

#include <algorithm>
#include <utility>

#include "shop/payments/reasons.hpp"

namespace shop::payments {
namespace {

std::int64_t left_of(const Payment& payment) {
  if (!payment.captured_at) return 0;
  return std::max(payment.amount.amount_minor - payment.refunded.amount_minor, std::int64_t{0});
}

}  // namespace

banyan::Result<std::int64_t> amount_to_refund(const Payment& payment,
                                              const std::optional<banyan::Money>& wanted) {
  if (wanted && wanted->currency != payment.amount.currency) {
    return reject(currency_mismatch, payment.amount.currency);
  }
  if (wanted && !payment.captured_at) return reject(not_refundable, std::string{to_string(payment.state)});
  const std::int64_t left = left_of(payment);
  const std::int64_t amount = wanted ? wanted->amount_minor : left;
  if (amount > left) return reject(refund_too_large, std::to_string(left) + " minor units are left");
  if (amount > 0 && payment.refunds.size() == refunds_max) {
    return reject(not_refundable, "at most " + std::to_string(refunds_max) + " refunds");
  }
  return amount;
}

Payment after_refund(Payment payment, std::int64_t amount_minor) {
  BANYAN_ASSERT(amount_minor >= 0 && amount_minor <= left_of(payment));
  payment.refunded.amount_minor += amount_minor;
  if (payment.captured_at && left_of(payment) == 0) payment.state = PaymentState::refunded;
  payment.version += 1;
  return payment;
}

}  // namespace shop::payments
