#include "sending.hpp"
#include "shop/notifications/reasons.hpp"
#include "use_cases.hpp"

namespace shop::notifications {

Result<Handover> hand_over(Sender& sender, const SendNotification& command) {
  const Status sent = sender.send(command);
  if (sent.ok()) return Handover{};
  if (sent.error() == undeliverable({})) return Handover{.failure = sent.error().detail()};
  return sent.error();
}

Result<NotificationSent> note_handover(Tx& tx, const SendNotification& command, const Handover& handover,
                                       const Context& context) {
  const bool is_sent = !handover.failure;
  const NotificationState state = is_sent ? NotificationState::sent : NotificationState::failed;
  const auto sent_at = is_sent ? std::optional{context.now} : std::nullopt;
  const auto changed = tx.execute(
      R"(UPDATE notifications_notification SET state = ?2, sent_at = ?3, failure = ?4
         WHERE notification_id = ?1)",
      command.notification_id, to_string(state), sent_at, handover.failure);
  if (changed == 0) return reject(unknown_notification, to_string(command.notification_id));
  return NotificationSent{.notification_id = command.notification_id, .state = state};
}

}  // namespace shop::notifications
