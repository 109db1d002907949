#include "customer_rows.hpp"
#include "profile_rules.hpp"
#include "shop/users/reasons.hpp"
#include "use_cases.hpp"

namespace shop::users {

Result<PasswordHash> hash_for(const RegisterCustomer& command, const banyan::security::PasswordCost& cost) {
  if (!command.password) return PasswordHash{};
  Result<std::string> hash = banyan::security::hash_password(*command.password, cost);
  if (!hash.ok()) return hash.error();
  return PasswordHash{std::move(hash).value()};
}

Result<CustomerRegistration> register_customer(Tx& tx, const RegisterCustomer& command,
                                               const PasswordHash& hash, const Context& context) {
  const banyan::Uuid customer_id = context.new_id();
  if (is_taken(tx, command.email, customer_id)) return reject(email_taken);
  tx.execute(
      R"(INSERT INTO users_customer (customer_id, version, name, email, email_folded, password_hash, phone,
                                     registered_at, changed_at)
         VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6, ?7, ?7))",
      customer_id, command.name, command.email, folded(command.email), hash, command.phone, context.now);
  if (command.address) set_address(tx, customer_id, *command.address);
  tx.publish(CustomerRegistered{
      .customer_id = customer_id, .name = command.name, .email = command.email, .phone = command.phone});
  return CustomerRegistration{.customer_id = customer_id, .version = 1};
}

}  // namespace shop::users
