#pragma once
#include <optional>
#include <string>

#include "banyan/module/module.hpp"
#include "banyan/security/password.hpp"
#include "shop/users/messages.hpp"

namespace shop::users {

using banyan::Context;
using banyan::Result;
using banyan::Tx;
using banyan::View;

/// The hash of a new customer's password, or none.
using PasswordHash = std::optional<std::string>;

/// Takes its time, so it runs before the transaction.
Result<PasswordHash> hash_for(const RegisterCustomer& command,
                              const banyan::security::PasswordCost& cost = {});
Result<CustomerRegistration> register_customer(Tx& tx, const RegisterCustomer& command,
                                               const PasswordHash& hash, const Context& context);
Result<Customer> change_profile(Tx& tx, const ChangeProfile& command, const Context& context);

Result<Customer> get_customer(View& view, const GetCustomer& query, const Context& context);
Result<CustomerPage> list_customers(View& view, const ListCustomers& query, const Context& context);

}  // namespace shop::users
