#include "payment_rows.hpp"
#include "shop/payments/reasons.hpp"
#include "use_cases.hpp"

namespace shop::payments {

Result<VoidReceipt> void_payment(Tx& tx, const PaymentProvider& provider, const VoidPayment& command,
                                 const Context& context) {
  auto payment = find_payment_of_order(tx, command.order_id);
  if (!payment) {
    close_order(tx, command.order_id, context.now);
    return VoidReceipt{.order_id = command.order_id, .voided = false};
  }
  switch (payment->state) {
    case PaymentState::voided:
    case PaymentState::refunded:
      return VoidReceipt{.order_id = command.order_id, .voided = false};
    case PaymentState::captured:
      return reject(not_voidable, to_string(command.order_id));
    case PaymentState::authorised:
      break;
  }
  if (const Status status = provider.cancel(payment->provider_reference.value()); !status.ok()) {
    return status.error();
  }
  payment->state = PaymentState::voided;
  payment->version += 1;
  update_state(tx, *payment, context.now);
  return VoidReceipt{.order_id = command.order_id, .voided = true};
}

}  // namespace shop::payments
