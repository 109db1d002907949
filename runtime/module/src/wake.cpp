#include <algorithm>

#include "banyan/delivery/restore.hpp"
#include "banyan/delivery/timers.hpp"
#include "relay_actor.hpp"
#include "writer.hpp"

namespace banyan::module {
namespace {

constexpr std::int64_t due_rows_max = 256;
constexpr std::int64_t prune_rows_max = 2000;
constexpr Duration maintenance_period = std::chrono::seconds{1};

}  // namespace

// One delayed task at a time is enough: the earliest. A later one that is still on its way finds nothing to
// do.
void Writer::arm() {
  parked_count_ = parked_.size();
  dead_count_ = parked_.dead_count();
  const Timestamp due = next_due();
  if (due >= armed_for_) return;
  armed_for_ = due;
  const Duration wait = std::max(Duration::zero(), due - environment_.clock.now());
  address_.post_after(wait, [this] { on_wake(); });
}

Timestamp Writer::next_due() const {
  Timestamp due = maintenance_due_;
  const auto earlier = [&](std::optional<Timestamp> other) { due = std::min(due, other.value_or(due)); };
  earlier(timer_due_);
  earlier(parked_due_);
  earlier(sagas_.next_wake());
  for (const auto& [next, schedule] : schedules_) earlier(next);
  for (const auto& [producer, until] : paused_) earlier(until);
  return due;
}

void Writer::on_wake() {
  armed_for_ = no_deadline;
  const Timestamp now = environment_.clock.now();
  resume_paused(now);
  if (maintenance_due_ <= now) maintain(now);
  if (is_full_ || !open_group().ok()) return;
  run_schedules(now);
  wake_sagas(now);
  if (timer_due_ && *timer_due_ <= now) fire_timers(now);
  if (parked_due_ && *parked_due_ <= now) retry_parked(now);
}

void Writer::resume_paused(Timestamp now) {
  std::vector<std::string> due;
  for (const auto& [producer, until] : paused_) {
    if (until <= now) due.push_back(producer);
  }
  for (const std::string& producer : due) resume(producer);
}

// The time moves on before the work, and with it if it succeeds: a schedule that always fails does not run
// hot.
void Writer::run_schedules(Timestamp now) {
  for (auto& [next, schedule] : schedules_) {
    if (next > now) continue;
    next = now + schedule->every;
    const Schedule& due = *schedule;
    const Timestamp after = next;
    const Status ran = attempt([&](store::Transaction& transaction) -> Status {
      transaction.execute(
          "INSERT INTO banyan_schedule (name, next_at) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET "
          "next_at = ?2",
          due.name, after);
      return handling_.schedule(transaction, group_.emissions, due);
    });
    if (!database_->in_transaction()) return abandon(ran.error());
  }
}

void Writer::wake_sagas(Timestamp now) {
  for (const std::int64_t instance : sagas_.due(now)) {
    const Status woken = attempt([&](store::Transaction& transaction) {
      return handling_.wake_saga(transaction, group_.emissions, instance);
    });
    if (!database_->in_transaction()) return abandon(woken.error());
  }
}

void Writer::fire_timers(Timestamp now) {
  const Status fired = attempt([&](store::Transaction& transaction) -> Status {
    auto due = delivery::timers::take_due(transaction, now, environment_.registry, due_rows_max);
    if (!due.ok()) return due.error();
    for (auto& parcel : due.value()) group_.emissions.push_back({std::move(parcel)});
    timer_due_ = delivery::timers::next_due(transaction);
    return success();
  });
  if (!fired.ok()) abandon(fired.error());
}

// Counted and committed before it is tried: a process that dies of a message has tried it.
void Writer::retry_parked(Timestamp now) {
  std::vector<delivery::ParkedMessage> due;
  const Status counted = attempt([&](store::Transaction& transaction) {
    due = parked_.due(transaction, now, due_rows_max);
    for (const delivery::ParkedMessage& message : due) {
      const Duration delay = options_.retry.delay(message.attempts + 1, environment_.random);
      parked_.count_attempt(transaction, message, now + std::max(delay, options_.pause));
    }
    parked_due_ = parked_.next_due(transaction);
    return success();
  });
  if (!counted.ok()) return abandon(counted.error());
  group_.after_commit.push_back([this, due = std::move(due)] {
    for (const delivery::ParkedMessage& message : due) {
      auto parcel = delivery::restore(message.type, message.headers, message.payload, environment_.registry);
      if (parcel.ok()) prepare_retry_(message, std::move(parcel).value());
    }
  });
}

void Writer::maintain(Timestamp now) {
  maintenance_due_ = now + maintenance_period;
  is_full_ = database_->is_full();
  relay_->catch_up(outbox_.head());
  if (!open_group().ok()) return;
  const std::uint64_t confirmed = relay_->confirmed_by_all();
  const Status pruned = attempt([&](store::Transaction& transaction) {
    const auto rows = outbox_.prune(transaction, confirmed, now - options_.retention, prune_rows_max) +
                      delivery::Answers::prune(transaction, now - options_.answers_kept, prune_rows_max);
    if (rows >= prune_rows_max) maintenance_due_ = now;  // there is more
    return success();
  });
  if (!database_->in_transaction()) abandon(pruned.error());
}

}  // namespace banyan::module
