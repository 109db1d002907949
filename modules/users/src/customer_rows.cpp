#include "customer_rows.hpp"

#include "profile_rules.hpp"

namespace shop::users {
namespace {

std::optional<Address> address_of(const banyan::store::Rows& row, int first_column) {
  if (row.is_null(first_column)) return std::nullopt;
  return Address{.street = row.get<std::string>(first_column),
                 .city = row.get<std::string>(first_column + 1),
                 .region = row.get<std::optional<std::string>>(first_column + 2),
                 .postal_code = row.get<std::optional<std::string>>(first_column + 3),
                 .country = row.get<std::string>(first_column + 4)};
}

}  // namespace

std::optional<Customer> find_customer(banyan::View& view, const banyan::Uuid& customer_id) {
  auto rows = view.query(
      R"(SELECT version, name, email, phone, registered_at, changed_at, street, city, region, postal_code,
                country
         FROM users_customer WHERE customer_id = ?1)",
      customer_id);
  if (!rows.next()) return std::nullopt;
  return Customer{.customer_id = customer_id,
                  .version = rows.get<std::int64_t>(0),
                  .name = rows.get<std::string>(1),
                  .email = rows.get<std::string>(2),
                  .phone = rows.get<std::optional<std::string>>(3),
                  .address = address_of(rows, 6),
                  .registered_at = rows.get<banyan::Timestamp>(4),
                  .changed_at = rows.get<banyan::Timestamp>(5)};
}

bool is_taken(banyan::View& view, const std::string& email, const banyan::Uuid& customer_id) {
  const auto owner = view.find<banyan::Uuid>("SELECT customer_id FROM users_customer WHERE email_folded = ?1",
                                             folded(email));
  return owner && *owner != customer_id;
}

void set_address(banyan::Tx& tx, const banyan::Uuid& customer_id, const Address& address) {
  tx.execute(
      R"(UPDATE users_customer SET street = ?2, city = ?3, region = ?4, postal_code = ?5, country = ?6
         WHERE customer_id = ?1)",
      customer_id, address.street, address.city, address.region, address.postal_code, address.country);
}

}  // namespace shop::users
