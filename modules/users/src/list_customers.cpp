#include "customer_rows.hpp"
#include "shop/users/reasons.hpp"
#include "use_cases.hpp"

namespace shop::users {
namespace {

std::vector<banyan::Uuid> ids_after(View& view, const banyan::Uuid& last, std::int64_t count_max) {
  std::vector<banyan::Uuid> ids;
  auto rows = view.query(
      "SELECT customer_id FROM users_customer WHERE customer_id > ?1 ORDER BY customer_id LIMIT ?2", last,
      count_max);
  while (rows.next()) ids.push_back(rows.get<banyan::Uuid>(0));
  return ids;
}

}  // namespace

Result<CustomerPage> list_customers(View& view, const ListCustomers& query, const Context&) {
  const Result<banyan::Uuid> last = query.cursor ? banyan::parse_uuid(*query.cursor) : banyan::Uuid{};
  if (!last.ok()) return reject(bad_cursor, *query.cursor);

  CustomerPage page;
  for (const banyan::Uuid& id : ids_after(view, last.value(), query.limit + 1)) {
    if (std::ssize(page.items) == query.limit) {
      page.next_cursor = to_string(page.items.back().customer_id);
      break;
    }
    page.items.push_back(find_customer(view, id).value());
  }
  return page;
}

}  // namespace shop::users
