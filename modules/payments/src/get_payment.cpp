#include "payment_rows.hpp"
#include "shop/payments/reasons.hpp"
#include "use_cases.hpp"

namespace shop::payments {

Result<Payment> get_payment(View& view, const GetPayment& query, const Context&) {
  auto payment = find_payment(view, query.payment_id);
  if (!payment) return reject(unknown_payment, to_string(query.payment_id));
  return *std::move(payment);
}

}  // namespace shop::payments
