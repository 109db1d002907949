#include "payment_rows.hpp"
#include "refund_rows.hpp"
#include "refund_rules.hpp"
#include "shop/payments/reasons.hpp"
#include "use_cases.hpp"

namespace shop::payments {
namespace {

Result<RefundReceipt> answer_again(const RefundReceipt& refund, const RefundPayment& command) {
  if (refund.payment_id != command.payment_id) {
    return reject(not_refundable, "the refund_id is that of another payment's refund");
  }
  return refund;
}

}  // namespace

Result<RefundReceipt> refund_payment(Tx& tx, const PaymentProvider& provider, const RefundPayment& command,
                                     const Context& context) {
  if (command.refund_id) {
    if (const auto refund = find_refund(tx, *command.refund_id)) return answer_again(*refund, command);
  }
  const auto before = find_payment(tx, command.payment_id);
  if (!before) return reject(unknown_payment, to_string(command.payment_id));
  const auto amount = amount_to_refund(*before, command.amount);
  if (!amount.ok()) return amount.error();

  const Payment payment = after_refund(*before, amount.value());
  const RefundReceipt refund{.refund_id = command.refund_id.value_or(context.new_id()),
                             .payment_id = payment.payment_id,
                             .order_id = payment.order_id,
                             .amount = {amount.value(), payment.amount.currency},
                             .refunded = payment.refunded};
  update_state(tx, payment, context.now);
  insert_refund(tx, refund, command.reason, context.now);
  if (amount.value() == 0) return refund;

  const Status status = provider.refund(payment.provider_reference.value(), amount.value());
  if (!status.ok()) return status.error();
  tx.publish(PaymentRefunded{.refund_id = refund.refund_id,
                             .payment_id = payment.payment_id,
                             .order_id = payment.order_id,
                             .customer_id = payment.customer_id,
                             .amount = refund.amount,
                             .reason = command.reason});
  return refund;
}

}  // namespace shop::payments
