#include "outgoing.hpp"

namespace shop::notifications {

std::optional<Contact> find_contact(banyan::View& view, const banyan::Uuid& customer_id) {
  auto rows = view.query(
      "SELECT version, name, email, phone FROM notifications_contact WHERE customer_id = ?1", customer_id);
  if (!rows.next()) return std::nullopt;
  return Contact{.customer_id = customer_id,
                 .version = rows.get<std::int64_t>(0),
                 .name = rows.get<std::string>(1),
                 .email = rows.get<std::string>(2),
                 .phone = rows.get<std::optional<std::string>>(3)};
}

void dispatch(banyan::Tx& tx, const Contact& contact, const banyan::Uuid& notification_id) {
  auto rows = tx.query(
      R"(UPDATE notifications_notification SET recipient = ?2 WHERE notification_id = ?1
         RETURNING subject, body, created_at)",
      notification_id, contact.email);
  const bool is_there = rows.next();
  BANYAN_ASSERT(is_there);
  tx.send(SendNotification{.notification_id = notification_id,
                           .channel = Channel::email,
                           .recipient = contact.email,
                           .recipient_name = contact.name,
                           .subject = rows.get<std::string>(0),
                           .body = rows.get<std::string>(1),
                           .created_at = rows.get<banyan::Timestamp>(2)});
}

void dispatch(banyan::Tx& tx, const banyan::Uuid& notification_id) {
  const auto customer_id = tx.find<banyan::Uuid>(
      "SELECT customer_id FROM notifications_notification WHERE notification_id = ?1", notification_id);
  BANYAN_ASSERT(customer_id.has_value());
  const auto contact = find_contact(tx, *customer_id);
  BANYAN_ASSERT(contact.has_value());
  dispatch(tx, *contact, notification_id);
}

}  // namespace shop::notifications
