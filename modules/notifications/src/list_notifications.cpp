#include "shop/notifications/reasons.hpp"
#include "use_cases.hpp"
#include "waiting.hpp"

namespace shop::notifications {
namespace {

void add_waiting(View& view, Notification& notification, const Context& context) {
  const auto waiting = find_waiting(view, notification.notification_id);
  if (!waiting) return;
  notification.attempts = waiting->attempts;
  notification.next_attempt_at = context.now + (waiting->next_at - context.age);
  notification.last_answer = waiting->answer;
}

Notification read(View& view, const banyan::Uuid& notification_id, const Context& context) {
  auto rows = view.query(
      R"(SELECT customer_id, order_id, template, channel, recipient, subject, body, state, failure,
                created_at, sent_at
         FROM notifications_notification WHERE notification_id = ?1)",
      notification_id);
  const bool is_there = rows.next();
  BANYAN_ASSERT(is_there);
  Notification notification{.notification_id = notification_id,
                            .customer_id = rows.get<banyan::Uuid>(0),
                            .order_id = rows.get<std::optional<banyan::Uuid>>(1),
                            .template_ = rows.get_as(2, parse_template),
                            .channel = rows.get_as(3, parse_channel),
                            .recipient = rows.get<std::optional<std::string>>(4),
                            .subject = rows.get<std::string>(5),
                            .body = rows.get<std::string>(6),
                            .state = rows.get_as(7, parse_notification_state),
                            .failure = rows.get<std::optional<std::string>>(8),
                            .created_at = rows.get<banyan::Timestamp>(9),
                            .sent_at = rows.get<std::optional<banyan::Timestamp>>(10)};
  if (notification.state == NotificationState::pending) add_waiting(view, notification, context);
  return notification;
}

banyan::store::Rows matching(View& view, const ListNotifications& query, const banyan::Uuid& last) {
  if (query.waiting) {
    return view.query(
        R"(SELECT notification_id FROM notifications_waiting
           JOIN notifications_notification USING (notification_id)
           WHERE (?1 IS NULL OR order_id = ?1) AND (?2 IS NULL OR customer_id = ?2) AND notification_id > ?3
           ORDER BY notification_id LIMIT ?4)",
        query.order_id, query.customer_id, last, query.limit + 1);
  }
  if (query.order_id) {
    return view.query(
        R"(SELECT notification_id FROM notifications_notification
           WHERE order_id = ?1 AND (?2 IS NULL OR customer_id = ?2) AND notification_id > ?3
           ORDER BY notification_id LIMIT ?4)",
        *query.order_id, query.customer_id, last, query.limit + 1);
  }
  if (query.customer_id) {
    return view.query(
        R"(SELECT notification_id FROM notifications_notification
           WHERE customer_id = ?1 AND notification_id > ?2 ORDER BY notification_id LIMIT ?3)",
        *query.customer_id, last, query.limit + 1);
  }
  return view.query(
      R"(SELECT notification_id FROM notifications_notification
         WHERE notification_id > ?1 ORDER BY notification_id LIMIT ?2)",
      last, query.limit + 1);
}

}  // namespace

Result<NotificationPage> list_notifications(View& view, const ListNotifications& query,
                                            const Context& context) {
  const Result<banyan::Uuid> last = query.cursor ? banyan::parse_uuid(*query.cursor) : banyan::Uuid{};
  if (!last.ok()) return reject(bad_cursor, *query.cursor);

  NotificationPage page;
  auto rows = matching(view, query, last.value());
  while (rows.next()) {
    if (std::ssize(page.items) == query.limit) {
      page.next_cursor = to_string(page.items.back().notification_id);
      break;
    }
    page.items.push_back(read(view, rows.get<banyan::Uuid>(0), context));
  }
  return page;
}

}  // namespace shop::notifications
