#include "customer_rows.hpp"
#include "shop/users/reasons.hpp"
#include "use_cases.hpp"

namespace shop::users {

Result<Customer> get_customer(View& view, const GetCustomer& query, const Context&) {
  auto customer = find_customer(view, query.customer_id);
  if (!customer) return reject(unknown_customer, to_string(query.customer_id));
  return *std::move(customer);
}

}  // namespace shop::users
