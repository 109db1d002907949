#include "customer_rows.hpp"
#include "profile_rules.hpp"
#include "shop/users/reasons.hpp"
#include "use_cases.hpp"

namespace shop::users {
namespace {

void update(Tx& tx, const Customer& customer) {
  tx.execute(
      R"(UPDATE users_customer
         SET version = ?2, name = ?3, email = ?4, email_folded = ?5, phone = ?6, changed_at = ?7
         WHERE customer_id = ?1)",
      customer.customer_id, customer.version, customer.name, customer.email, folded(customer.email),
      customer.phone, customer.changed_at);
  if (customer.address) set_address(tx, customer.customer_id, *customer.address);
}

}  // namespace

Result<Customer> change_profile(Tx& tx, const ChangeProfile& command, const Context& context) {
  auto before = find_customer(tx, command.customer_id);
  if (!before) return reject(unknown_customer, to_string(command.customer_id));
  if (before->version != command.expected_version) {
    return reject(stale_version, "the version is " + std::to_string(before->version));
  }
  Customer after = with_change(*before, command);
  if (after == *before) return after;
  if (is_taken(tx, after.email, after.customer_id)) return reject(email_taken);

  after.version += 1;
  after.changed_at = context.now;
  update(tx, after);
  tx.publish(ProfileChanged{.customer_id = after.customer_id,
                            .version = after.version,
                            .name = after.name,
                            .email = after.email,
                            .phone = after.phone});
  return after;
}

}  // namespace shop::users
