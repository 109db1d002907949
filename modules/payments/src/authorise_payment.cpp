#include "payment_rows.hpp"
#include "shop/payments/reasons.hpp"
#include "use_cases.hpp"

namespace shop::payments {
namespace {

PaymentAuthorised authorised(const Payment& payment) {
  return {.payment_id = payment.payment_id, .order_id = payment.order_id, .amount = payment.amount};
}

/// The order has a payment, or is closed: the answer of the first time, while the payment stands.
Result<PaymentAuthorised> answer_again(const std::optional<Payment>& payment) {
  if (!payment) return reject(payment_closed, "voided before it was authorised");
  if (payment->state == PaymentState::authorised || payment->state == PaymentState::captured) {
    return authorised(*payment);
  }
  return reject(payment_closed, std::string{to_string(payment->state)});
}

}  // namespace

Result<PaymentAuthorised> authorise_payment(Tx& tx, const PaymentProvider& provider,
                                            const AuthorisePayment& command, const Context& context) {
  auto reference = provider.authorise(command);
  if (!reference.ok()) {
    const auto payment = find_payment_of_order(tx, command.order_id);
    if (payment || is_closed(tx, command.order_id)) return answer_again(payment);
    return reference.error();
  }
  const Payment payment{.payment_id = context.new_id(),
                        .version = 1,
                        .order_id = command.order_id,
                        .customer_id = command.customer_id,
                        .state = PaymentState::authorised,
                        .amount = command.amount,
                        .provider = std::string{provider.name()},
                        .provider_reference = std::move(reference).value(),
                        .authorised_at = context.now};
  if (!insert_payment(tx, payment)) return answer_again(find_payment_of_order(tx, command.order_id));
  return authorised(payment);
}

}  // namespace shop::payments
