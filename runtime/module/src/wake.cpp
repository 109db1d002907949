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

Error ended_the_process() {
  return {Errc::internal, "delivery.ended_process", "the process has ended in every attempt"};
}

}  // namespace

// One delayed task at a time counts: the earliest. A later one that is still on its way is ignored. Before
// the start nothing is due.
void Writer::arm() {
  if (is_loaded_) {  // else what was last stored still stands
    parked_count_ = parked_.size();
    dead_count_ = parked_.dead_count();
  }
  if (relay_ == nullptr) return;
  const Instant due = std::min(std::max(next_due(), rest_until_), held_.next_due().value_or(no_deadline));
  if (due >= armed_for_) return;
  armed_for_ = due;
  const Duration wait = std::max(Duration::zero(), due - environment_.clock.now());
  address_.post_after(wait, [this, due] { on_wake(due); });
}

Instant Writer::next_due() const {
  Instant due = maintenance_due_;
  const auto earlier = [&](std::optional<Instant> other) { due = std::min(due, other.value_or(due)); };
  earlier(timer_wake_);
  earlier(parked_due_);
  earlier(sagas_.next_wake());
  for (const auto& [next, schedule] : schedules_) earlier(next);
  for (const auto& [producer, until] : paused_) earlier(until);
  return due;
}

void Writer::look_at_parked(store::ReadTransaction& transaction) {
  const auto next = parked_.next_due(transaction);
  parked_due_ = next ? std::optional{age_.at(*next)} : std::nullopt;
}

// A delayed message is due at a time of day. Whenever the writer wakes, every second at least, it looks how
// far away that is now: the clock may have been set.
void Writer::expect_timer(std::optional<Timestamp> due) {
  timer_due_ = due;
  timer_wake_.reset();
  if (!due) return;
  const Duration wait = *due - environment_.clock.utc();
  timer_wake_ = environment_.clock.now() + std::max(wait, Duration::zero());
}

void Writer::on_wake(Instant due) {
  if (due != armed_for_) return;
  armed_for_ = no_deadline;
  if (!right_to_work().ok()) return;  // for good: nothing is due any more
  const Instant now = environment_.clock.now();
  answer_overdue(now);
  if (now < rest_until_) return;
  resume_paused(now);
  if (maintenance_due_ <= now) maintain(now);
  if (!state_.takes_work()) rest_until_ = now + options_.pause;
  for (const auto work :
       {&Writer::run_schedules, &Writer::wake_sagas, &Writer::fire_timers, &Writer::retry_parked}) {
    if (now < rest_until_ || !open_group().ok()) return;
    (this->*work)(now);
  }
}

void Writer::resume_paused(Instant now) {
  std::vector<std::string> due;
  for (const auto& [producer, until] : paused_) {
    if (until <= now) due.push_back(producer);
  }
  for (const std::string& producer : due) resume(producer);
}

void Writer::answer_overdue(Instant now) {
  for (auto& [ask, awaited, refusal] : held_.take_overdue(now)) {
    Error answer = last_word(awaited, std::move(refusal));
    telemetry_.count(ask.parcel().payload.type(), is_refusal(answer) ? Outcome::rejected : Outcome::failed);
    ask.answer(std::move(answer));
  }
}

// The refusal stands, unless the news may have been published and only not have come here.
Error Writer::last_word(const delivery::Awaited& awaited, Error refusal) const {
  const auto producer = producers_.find(std::string{awaited.event->module});
  if (producer == producers_.end() || producer->second->is_flowing(module_.name())) return refusal;
  return {Errc::resource_exhausted, "module.news_late",
          "refused as it stands (" + refusal.reason() + "), but " + std::string{awaited.event->type} +
              " of " + awaited.key + " may have happened: nothing comes from " + producer->first +
              " now; next: the same request again, /health says which link does not flow"};
}

// The time moves on before the work, and with it if it succeeds: a schedule that always fails does not run
// hot.
void Writer::run_schedules(Instant now) {
  for (auto& [next, schedule] : schedules_) {
    if (next > now) continue;
    next = now + schedule->every;
    const Schedule& due = *schedule;
    const Timestamp after = environment_.clock.utc() + schedule->every;
    const Status ran = attempt([&](store::Transaction& transaction) -> Status {
      transaction.execute(
          "INSERT INTO banyan_schedule (name, next_at) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET "
          "next_at = ?2",
          due.name, after);
      return handling_.schedule(transaction, group_.emissions, due);
    });
    if (ran.ok()) continue;
    if (!database_->in_transaction()) return;  // told of as the end of its group
    telemetry_.work_failed(due.name, ran.error());
  }
}

void Writer::wake_sagas(Instant now) {
  while (const auto instance = sagas_.take_due(now)) {
    const Status woken = attempt([&](store::Transaction& transaction) {
      return handling_.wake_saga(transaction, group_.emissions, *instance);
    });
    if (woken.ok()) continue;
    if (!database_->in_transaction()) return;
    telemetry_.work_failed("saga", woken.error());
  }
}

void Writer::fire_timers(Instant now) {
  if (!timer_due_) return;
  const Timestamp utc = environment_.clock.utc();
  if (*timer_due_ > utc) return expect_timer(timer_due_);
  const Status fired = attempt([&](store::Transaction& transaction) -> Status {
    auto due = delivery::timers::take_due(transaction, utc, now, environment_.registry, due_rows_max);
    for (auto& parcel : due.parcels) group_.emissions.emplace_back(std::move(parcel));
    for (const Error& unreadable : due.unreadable) telemetry_.work_failed("timer", unreadable);
    expect_timer(delivery::timers::next_due(transaction));
    return success();
  });
  if (fired.ok()) return;
  expect_timer(utc + options_.pause);
  if (database_->in_transaction()) telemetry_.work_failed("timers", fired.error());
}

void Writer::bury(store::Transaction& transaction, const delivery::ParkedMessage& message,
                  const Error& cause) {
  parked_.failed(transaction, message, cause, true);
  telemetry_.failed(FailedMessage::of(message, {}), cause, true);
}

// A type that the link does not allow, or that is unknown here, is not handled on a retry either.
const Descriptor* Writer::find_type(const delivery::ParkedMessage& message) const {
  const auto link = producers_.find(message.producer);
  return link == producers_.end() ? environment_.registry.find(message.type)
                                  : link->second->find_type(message.type);
}

// Counted and committed before it is tried: a process that dies of a message has tried it.
void Writer::retry_parked(Instant now) {
  if (!parked_due_ || *parked_due_ > now) return;
  const Age age = age_.at(now);
  std::vector<std::pair<delivery::ParkedMessage, message::ParcelPtr>> due;
  const Status counted = record([&](store::Transaction& transaction) {
    for (delivery::ParkedMessage& message : parked_.due(transaction, age, due_rows_max)) {
      if (under_trial_.contains({message.producer, message.seq})) {
        parked_.postpone(transaction, message, age + options_.pause);
        continue;
      }
      if (message.is_suspect && !options_.retry.allows_another(message.attempts)) {
        bury(transaction, message, ended_the_process());
        continue;
      }
      const Duration delay = options_.retry.delay(message.attempts + 1, environment_.random);
      parked_.count_attempt(transaction, message, age + std::max(delay, options_.pause));
      auto parcel = delivery::restore_or_keep(find_type(message), message.type, message.headers,
                                              message.payload, age_.at(message.age));
      if (parcel.ok()) {
        due.emplace_back(std::move(message), std::move(parcel).value());
      } else {
        bury(transaction, message, parcel.error());
      }
    }
    look_at_parked(transaction);
    return success();
  });
  if (!counted.ok()) return;
  group_.after_commit.push_back([this, due = std::move(due)] {
    for (const auto& [message, parcel] : due) {
      under_trial_.emplace(message.producer, message.seq);
      prepare_retry_(message, parcel);
    }
  });
}

void Writer::maintain(Instant now) {
  maintenance_due_ = now + maintenance_period;
  state_.disk_is_full(database_->is_full());
  asked_again_.clear();
  relay_->catch_up(outbox_.head());
  for (const auto& [producer, publisher] : producers_) {
    publisher->confirm(module_.name(), inbox_.position(producer).seq);  // in case that it was not heard
  }
  if (!open_group().ok()) return;
  if (!state_.can_commit()) return probe();
  if (state_.is_log_too_long()) return;  // what removes rows makes it longer
  const delivery::Passed passed = relay_->passed();
  const Age age = age_.at(now);
  const Status pruned = attempt([&](store::Transaction& transaction) {
    delivery::Outbox::note(transaction, passed.seen);
    const auto rows = outbox_.prune(transaction, passed.by_all, age - options_.retention, prune_rows_max) +
                      delivery::Answers::prune(transaction, age - options_.answers_kept, prune_rows_max);
    if (rows >= prune_rows_max) maintenance_due_ = now;  // there is more
    return success();
  });
  if (!pruned.ok() && database_->in_transaction()) telemetry_.work_failed("retention", pruned.error());
}

}  // namespace banyan::module
