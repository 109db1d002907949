#include "shop/notifications/reasons.hpp"
#include "use_cases.hpp"
#include "waiting.hpp"

namespace shop::notifications {
namespace {

using enum Handover::Outcome;

/// A notification's new state, with why it failed.
struct Fate {
  NotificationState state;
  std::optional<std::string> failure{};
};

banyan::Error too_many_waiting(const std::string& answer) {
  return {banyan::Errc::unavailable, "notifications.too_many_waiting",
          "more than notifications.waiting_max wait for the sender: " + answer};
}

/// Not taken, and not refused for good.
Result<Fate> wait_or_give_up(Tx& tx, const Patience& patience, const SendNotification& command,
                             const Handover& handover, banyan::Age now) {
  const auto before = find_waiting(tx, command.notification_id);
  if (!before && is_full(tx, patience)) {
    if (handover.outcome != put_off) return too_many_waiting(handover.answer);
    return Fate{NotificationState::failed,
                "not tried again, more than notifications.waiting_max wait: " + handover.answer};
  }
  const auto next = next_attempt(before, handover, patience, now);
  if (!next) {
    const std::int64_t attempts = (before ? before->attempts : 0) + 1;
    return Fate{NotificationState::failed,
                "given up after " + std::to_string(attempts) + " attempts: " + handover.answer};
  }
  wait(tx, command.notification_id, command.subject.size() + command.body.size(), *next);
  return Fate{NotificationState::pending};
}

Result<Fate> fate_of(Tx& tx, const Patience& patience, const SendNotification& command,
                     const Handover& handover, banyan::Age now) {
  switch (handover.outcome) {
    case taken:
      return Fate{NotificationState::sent};
    case refused:
      return Fate{NotificationState::failed, handover.answer};
    case put_off:
    case out_of_reach:
    case not_asked:
      break;
  }
  return wait_or_give_up(tx, patience, command, handover, now);
}

}  // namespace

Result<NotificationSent> note_handover(Tx& tx, const Patience& patience, const SendNotification& command,
                                       const Handover& handover, const Context& context) {
  const Result<Fate> fate = fate_of(tx, patience, command, handover, context.age);
  if (!fate.ok()) return fate.error();
  const auto [state, failure] = fate.value();
  if (state != NotificationState::pending) stop_waiting(tx, command.notification_id);
  const auto sent_at = state == NotificationState::sent ? std::optional{context.now} : std::nullopt;
  const auto changed = tx.execute(
      R"(UPDATE notifications_notification SET state = ?2, sent_at = ?3, failure = ?4
         WHERE notification_id = ?1)",
      command.notification_id, to_string(state), sent_at, failure);
  if (changed == 0) return reject(unknown_notification, to_string(command.notification_id));
  return NotificationSent{.notification_id = command.notification_id, .state = state};
}

}  // namespace shop::notifications
