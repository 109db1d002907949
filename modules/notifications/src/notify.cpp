#include "outgoing.hpp"
#include "use_cases.hpp"

namespace shop::notifications {

void notify(Tx& tx, const Letter& letter, const Context& context) {
  const banyan::Uuid notification_id = context.new_id();
  tx.execute(
      R"(INSERT INTO notifications_notification (notification_id, customer_id, order_id, template, channel,
                                                 subject, body, state, created_at)
         VALUES (?1, ?2, ?3, ?4, 'email', ?5, ?6, 'pending', ?7))",
      notification_id, letter.customer_id, letter.order_id, to_string(letter.about), letter.subject,
      letter.body, context.now);
  if (const auto contact = find_contact(tx, letter.customer_id)) dispatch(tx, *contact, notification_id);
}

}  // namespace shop::notifications
