#include "profile_rules.hpp"

namespace shop::users {

std::string folded(std::string_view email) {
  std::string lower{email};
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

Customer with_change(Customer customer, const ChangeProfile& change) {
  if (change.name) customer.name = *change.name;
  if (change.email) customer.email = *change.email;
  if (change.phone) customer.phone = change.phone;
  if (change.address) customer.address = change.address;
  return customer;
}

}  // namespace shop::users
