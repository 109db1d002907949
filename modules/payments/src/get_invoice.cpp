#include "invoice_rows.hpp"
#include "shop/payments/reasons.hpp"
#include "use_cases.hpp"

namespace shop::payments {

Result<Invoice> get_invoice(View& view, const GetInvoice& query, const Context&) {
  auto invoice = find_invoice(view, query.invoice_id);
  if (!invoice) return reject(unknown_invoice, to_string(query.invoice_id));
  return *std::move(invoice);
}

}  // namespace shop::payments
