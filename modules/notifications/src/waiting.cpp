#include "waiting.hpp"

#include <algorithm>
#include <vector>

#include "outgoing.hpp"

namespace shop::notifications {
namespace {

constexpr std::int64_t asked_together = 50;

banyan::Duration longer(banyan::Duration delay, const Patience& patience) {
  return std::clamp(delay * 2, patience.retry_delay,
                    std::max(patience.retry_delay, patience.retry_delay_max));
}

std::vector<banyan::Uuid> due(Tx& tx, banyan::Age now, std::int64_t count_max) {
  std::vector<banyan::Uuid> found;
  auto rows = tx.query(
      R"(SELECT notification_id FROM notifications_waiting
         WHERE is_asked = 0 AND next_at <= ?1 ORDER BY next_at LIMIT ?2)",
      now, count_max);
  while (rows.next()) found.push_back(rows.get<banyan::Uuid>(0));
  return found;
}

}  // namespace

std::optional<Waiting> find_waiting(View& view, const banyan::Uuid& notification_id) {
  auto rows = view.query(
      "SELECT since, attempts, delay, next_at, answer FROM notifications_waiting WHERE notification_id = ?1",
      notification_id);
  if (!rows.next()) return std::nullopt;
  return Waiting{.since = rows.get<banyan::Age>(0),
                 .attempts = rows.get<std::int64_t>(1),
                 .delay = banyan::Duration{rows.get<std::int64_t>(2)},
                 .next_at = rows.get<banyan::Age>(3),
                 .answer = rows.get<std::string>(4)};
}

std::int64_t count_waiting(View& view) {
  return *view.find<std::int64_t>("SELECT count(*) FROM notifications_waiting");
}

std::optional<Waiting> next_attempt(const std::optional<Waiting>& before, const Handover& handover,
                                    const Patience& patience, banyan::Age now) {
  using enum Handover::Outcome;
  Waiting waiting = before.value_or(Waiting{.since = now});
  waiting.answer = handover.answer;
  waiting.next_at = now + patience.server_rest;
  if (handover.outcome == not_asked) return waiting;
  ++waiting.attempts;
  if (now - waiting.since >= patience.give_up_after) return std::nullopt;
  if (handover.outcome == put_off) {
    waiting.delay = longer(waiting.delay, patience);
    waiting.next_at = now + waiting.delay;
  }
  return waiting;
}

bool is_full(View& view, const Patience& patience) {
  auto rows = view.query("SELECT count(*), coalesce(sum(bytes), 0) FROM notifications_waiting");
  rows.next();
  return rows.get<std::int64_t>(0) >= static_cast<std::int64_t>(patience.waiting_max) ||
         rows.get<std::int64_t>(1) >= static_cast<std::int64_t>(patience.waiting_bytes_max);
}

void wait(Tx& tx, const banyan::Uuid& notification_id, std::size_t bytes, const Waiting& waiting) {
  tx.execute(
      R"(INSERT INTO notifications_waiting
         (notification_id, since, attempts, delay, next_at, is_asked, answer, bytes)
         VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, ?7)
         ON CONFLICT (notification_id) DO UPDATE
         SET attempts = ?3, delay = ?4, next_at = ?5, is_asked = 0, answer = ?6)",
      notification_id, waiting.since, waiting.attempts, waiting.delay.count(), waiting.next_at,
      waiting.answer, static_cast<std::int64_t>(bytes));
}

void stop_waiting(Tx& tx, const banyan::Uuid& notification_id) {
  tx.execute("DELETE FROM notifications_waiting WHERE notification_id = ?1", notification_id);
}

void ask_again(Tx& tx, const Courier& courier, const banyan::Context& context) {
  if (courier.is_resting(context.instant)) return;
  const auto under_way =
      *tx.find<std::int64_t>("SELECT count(*) FROM notifications_waiting WHERE is_asked = 1");
  const std::int64_t count_max = (courier.is_in_reach() ? asked_together : 1) - under_way;
  if (count_max <= 0) return;
  for (const banyan::Uuid& notification_id : due(tx, context.age, count_max)) {
    tx.execute("UPDATE notifications_waiting SET is_asked = 1 WHERE notification_id = ?1", notification_id);
    dispatch(tx, notification_id);
  }
}

}  // namespace shop::notifications
