#include "banyan/base/numbers.hpp"
#include "invoice_rows.hpp"
#include "shop/payments/reasons.hpp"
#include "use_cases.hpp"

namespace shop::payments {
namespace {

/// A cursor is the number of the last invoice of its page.
std::optional<std::int64_t> parse_cursor(std::string_view text) {
  const auto number = banyan::parse_number<std::int64_t>(text);
  return number && *number >= 1 ? number : std::nullopt;
}

/// An order has at most one invoice, so its page is the last one.
InvoicePage page_of_order(View& view, const banyan::Uuid& order_id) {
  InvoicePage page;
  if (auto invoice = find_invoice_of_order(view, order_id)) page.items.push_back(*std::move(invoice));
  return page;
}

}  // namespace

Result<InvoicePage> list_invoices(View& view, const ListInvoices& query, const Context&) {
  const auto last = query.cursor ? parse_cursor(*query.cursor) : 0;
  if (!last) return reject(bad_cursor, *query.cursor);
  if (query.order_id) return page_of_order(view, *query.order_id);

  InvoicePage page{.items = invoices_after(view, *last, query.limit + 1)};
  if (std::ssize(page.items) > query.limit) {
    page.items.pop_back();
    page.next_cursor = std::to_string(page.items.back().number);
  }
  return page;
}

}  // namespace shop::payments
