#pragma once
#include <optional>

#include "banyan/module/module.hpp"
#include "shop/users/messages.hpp"

namespace shop::users {

std::optional<Customer> find_customer(banyan::View& view, const banyan::Uuid& customer_id);

/// Whether somebody but `customer_id` has registered `email`.
bool is_taken(banyan::View& view, const std::string& email, const banyan::Uuid& customer_id);

/// The customer must exist.
void set_address(banyan::Tx& tx, const banyan::Uuid& customer_id, const Address& address);

}  // namespace shop::users
