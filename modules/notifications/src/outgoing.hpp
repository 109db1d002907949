#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "banyan/module/module.hpp"
#include "shop/notifications/messages.hpp"

namespace shop::notifications {

/// How to reach a customer.
struct Contact {
  banyan::Uuid customer_id;
  std::int64_t version = 0;  ///< Of the profile that it comes from.
  std::string name;
  std::string email;
  std::optional<std::string> phone;
};

std::optional<Contact> find_contact(banyan::View& view, const banyan::Uuid& customer_id);

/// Addresses a notification that is in the store to `contact` and sends the command that hands it over.
void dispatch(banyan::Tx& tx, const Contact& contact, const banyan::Uuid& notification_id);
/// The same again, for one that has been dispatched, to where the customer is reached now.
void dispatch(banyan::Tx& tx, const banyan::Uuid& notification_id);

}  // namespace shop::notifications
