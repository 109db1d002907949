#pragma once
#include <string>
#include <string_view>

#include "shop/users/messages.hpp"

namespace shop::users {

/// The form in which e-mail addresses are compared: ASCII letters in lower case.
std::string folded(std::string_view email);

/// `customer` with the members that `change` gives.
Customer with_change(Customer customer, const ChangeProfile& change);

}  // namespace shop::users
