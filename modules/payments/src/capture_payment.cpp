#include "payment_rows.hpp"
#include "shop/payments/reasons.hpp"
#include "use_cases.hpp"

namespace shop::payments {
namespace {

CaptureReceipt receipt_for(const Payment& payment) {
  return {.payment_id = payment.payment_id,
          .order_id = payment.order_id,
          .amount = payment.amount,
          .captured_at = payment.captured_at.value()};
}

/// There is nothing to capture: the answer of the first time, if there was one.
Result<CaptureReceipt> answer_again(Tx& tx, const banyan::Uuid& order_id) {
  const auto payment = find_payment_of_order(tx, order_id);
  if (!payment) return reject(unknown_payment, to_string(order_id));
  if (!payment->captured_at) return reject(not_capturable, std::string{to_string(payment->state)});
  return receipt_for(*payment);
}

}  // namespace

Result<CaptureReceipt> capture_payment(Tx& tx, const PaymentProvider& provider, const CapturePayment& command,
                                       const Context& context) {
  const auto payment = capture_authorised(tx, command.order_id, context.now);
  if (!payment) return answer_again(tx, command.order_id);
  if (const Status status = provider.capture(payment->provider_reference.value()); !status.ok()) {
    return status.error();
  }
  tx.publish(PaymentCaptured{.payment_id = payment->payment_id,
                             .order_id = payment->order_id,
                             .customer_id = payment->customer_id,
                             .amount = payment->amount});
  tx.publish(PaymentSettled{.payment_id = payment->payment_id,
                            .order_id = payment->order_id,
                            .customer_id = payment->customer_id,
                            .amount = payment->amount});
  return receipt_for(*payment);
}

}  // namespace shop::payments
