#include "invoice_rows.hpp"
#include "use_cases.hpp"

namespace shop::payments {

Status issue_invoice(Tx& tx, const PaymentSettled& event, const Context& context) {
  const Invoice invoice{.invoice_id = context.new_id(),
                        .order_id = event.order_id,
                        .customer_id = event.customer_id,
                        .payment_id = event.payment_id,
                        .total = event.amount,
                        .issued_at = context.now};
  tx.publish(InvoiceIssued{.invoice_id = invoice.invoice_id,
                           .number = insert_invoice(tx, invoice),
                           .order_id = invoice.order_id,
                           .customer_id = invoice.customer_id,
                           .total = invoice.total});
  return banyan::success();
}

}  // namespace shop::payments
