#include "payment_rows.hpp"
#include "shop/payments/reasons.hpp"
#include "use_cases.hpp"

namespace shop::payments {
namespace {

/// An order has at most one payment, so its page is the last one.
PaymentPage page_of_order(View& view, const banyan::Uuid& order_id) {
  PaymentPage page;
  if (auto payment = find_payment_of_order(view, order_id)) page.items.push_back(*std::move(payment));
  return page;
}

// Ids rise with time, so they come in the order of authorisation.
std::vector<banyan::Uuid> ids_after(View& view, const banyan::Uuid& last, std::int64_t count_max) {
  std::vector<banyan::Uuid> ids;
  auto rows =
      view.query("SELECT payment_id FROM payments_payment WHERE payment_id > ?1 ORDER BY payment_id LIMIT ?2",
                 last, count_max);
  while (rows.next()) ids.push_back(rows.get<banyan::Uuid>(0));
  return ids;
}

}  // namespace

Result<PaymentPage> list_payments(View& view, const ListPayments& query, const Context&) {
  const Result<banyan::Uuid> last = query.cursor ? banyan::parse_uuid(*query.cursor) : banyan::Uuid{};
  if (!last.ok()) return reject(bad_cursor, *query.cursor);
  if (query.order_id) return page_of_order(view, *query.order_id);

  PaymentPage page;
  for (const banyan::Uuid& id : ids_after(view, last.value(), query.limit + 1)) {
    if (std::ssize(page.items) == query.limit) {
      page.next_cursor = to_string(page.items.back().payment_id);
      break;
    }
    page.items.push_back(find_payment(view, id).value());
  }
  return page;
}

}  // namespace shop::payments
