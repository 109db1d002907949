#include "outgoing.hpp"
#include "use_cases.hpp"

namespace shop::notifications {
namespace {

/// An event of users may come again; only a newer one counts.
void keep(Tx& tx, const Contact& contact) {
  tx.execute(
      R"(INSERT INTO notifications_contact (customer_id, version, name, email, phone)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (customer_id) DO UPDATE
         SET version = excluded.version, name = excluded.name, email = excluded.email, phone = excluded.phone
         WHERE excluded.version > notifications_contact.version)",
      contact.customer_id, contact.version, contact.name, contact.email, contact.phone);
}

void dispatch_waiting(Tx& tx, const Contact& contact) {
  std::vector<banyan::Uuid> waiting;
  auto rows = tx.query(
      R"(SELECT notification_id FROM notifications_notification
         WHERE customer_id = ?1 AND recipient IS NULL ORDER BY notification_id)",
      contact.customer_id);
  while (rows.next()) waiting.push_back(rows.get<banyan::Uuid>(0));
  for (const banyan::Uuid& notification_id : waiting) dispatch(tx, contact, notification_id);
}

}  // namespace

Status keep_contact(Tx& tx, const users::CustomerRegistered& event, const Context&) {
  const Contact contact{.customer_id = event.customer_id,
                        .version = 1,
                        .name = event.name,
                        .email = event.email,
                        .phone = event.phone};
  keep(tx, contact);
  dispatch_waiting(tx, contact);
  return banyan::success();
}

Status keep_contact(Tx& tx, const users::ProfileChanged& event, const Context&) {
  keep(tx, {.customer_id = event.customer_id,
            .version = event.version,
            .name = event.name,
            .email = event.email,
            .phone = event.phone});
  return banyan::success();
}

}  // namespace shop::notifications
