#include "writer.hpp"

#include <algorithm>

#include "banyan/delivery/schema.hpp"
#include "banyan/delivery/timers.hpp"
#include "banyan/resilience/deadline.hpp"
#include "relay_actor.hpp"

namespace banyan::module {
namespace {

std::vector<store::Migration> all_migrations(const Module& module) {
  std::vector<store::Migration> all;
  for (const auto part : {delivery::migrations(), saga::migrations(), module.migrations()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

}  // namespace

Result<std::unique_ptr<Writer>> Writer::open(const Module& module, const Environment& environment,
                                             const InstanceOptions& options, StoreState& state) {
  const auto migrations = all_migrations(module);
  auto database = store::Database::open(options.store, migrations, environment.clock, environment.faults);
  if (!database.ok()) return database.error();
  std::unique_ptr<Writer> writer{
      new Writer(module, environment, options, state, std::move(database).value())};
  if (const Status loaded = writer->open_group(); !loaded.ok()) return loaded.error();
  const Status counted = writer->record([&](store::Transaction& transaction) {
    writer->ownership_.take(transaction, environment.clock.utc());
    writer->age_.save(transaction, environment.ids, environment.clock.now());
    return success();
  });
  if (!counted.ok()) return counted.error();
  if (const Status committed = writer->database_->commit(); !committed.ok()) return committed.error();
  return writer;
}

Writer::Writer(const Module& module, const Environment& environment, const InstanceOptions& options,
               StoreState& state, std::unique_ptr<store::Database> database)
    : module_(module),
      environment_(environment),
      options_(options),
      state_(state),
      database_(std::move(database)),
      answers_(environment.registry),
      sagas_(module.sagas(), age_),
      handling_(module, environment, sagas_, age_),
      telemetry_(environment, module.name()),
      expiries_(environment, module.name()),
      held_(options.held_max, options.held_time) {
  actor::SpawnOptions spawn;
  spawn.mailbox_max = options.mailbox_max;
  spawn.own_thread = true;
  // abandon() tells everyone whom a failure concerns, so the outcome is not needed here.
  spawn.after_burst = [this] { static_cast<void>(commit()); };
  address_ = environment.actors.spawn(module.name() + ".writer", std::move(spawn));
}

void Writer::load(store::Transaction& transaction) {
  const Timestamp now = environment_.clock.utc();
  age_.open(transaction, environment_.ids, environment_.clock.now());
  outbox_.open(transaction, environment_.ids, now);
  inbox_.open(transaction);
  parked_.open(transaction);
  restarts_.open(transaction);
  sagas_.open(transaction);
  look_at_parked(transaction);
  expect_timer(delivery::timers::next_due(transaction));
  schedules_.clear();
  for (const Schedule& schedule : module_.schedules()) {
    transaction.execute(
        "INSERT INTO banyan_schedule (name, next_at) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING",
        schedule.name, now + schedule.every);
    const auto next =
        transaction.find<Timestamp>("SELECT next_at FROM banyan_schedule WHERE name = ?1", schedule.name);
    schedules_.emplace_back(
        environment_.clock.now() + std::clamp(*next - now, Duration::zero(), schedule.every), &schedule);
  }
}

void Writer::start(RelayActor& relay, PrepareRetry prepare_retry) {
  relay_ = &relay;
  prepare_retry_ = std::move(prepare_retry);
  post([this] {
    count_start();
    for (const auto& [producer, publisher] : producers_) resume(producer);
    arm();
  });
}

// Durable before the first message can end the process.
void Writer::count_start() {
  if (!open_group().ok()) return;
  // Without the rows there is no group that could be committed, and the starts stay uncounted.
  static_cast<void>(record([this](store::Transaction& transaction) {
    for (const auto& [producer, publisher] : producers_) restarts_.count(transaction, producer);
    return success();
  }));
  if (!commit().ok()) return;
  for (const auto& [producer, publisher] : producers_) {
    if (restarts_.are_suspicious(producer)) suspects_left_[producer] = options_.group_max;
  }
}

Writer::~Writer() { address_.close(); }

// A clean shutdown does not count as a crash.
void Writer::close() {
  post([this] {
    if (!open_group().ok()) return;
    // Else this start counts as fruitless: the next one is more careful than it need be.
    static_cast<void>(record([this](store::Transaction& transaction) {
      restarts_.forgive_all(transaction);
      age_.save(transaction, environment_.ids, environment_.clock.now());
      return success();
    }));
  });
  address_.close();
  held_.clear();  // on this thread: the actor's has ended
}

Status Writer::close_store() {
  Status closed = database_->close();
  if (!closed.ok()) telemetry_.work_failed("close", closed.error());
  return closed;
}

bool Writer::try_command(Ask ask, Result<Prepared> prepared) {
  if (address_.depth() + held_.size() >= options_.mailbox_max) return false;
  ++commands_waiting_;
  const bool taken =
      address_.try_post([this, ask = std::move(ask), prepared = std::move(prepared)]() mutable {
        --commands_waiting_;
        on_command(std::move(ask), prepared);
      });
  if (!taken) --commands_waiting_;
  return taken;
}

void Writer::describe(Health& health) const {
  health.writer_depth = address_.depth();
  health.held = held_.size();
  health.parked = parked_count_;
  health.dead = dead_count_;
  health.expired = expiries_.recent(environment_.clock.now());
  health.owner_epoch = ownership_.epoch();
  health.state = ownership_.state();
}

void Writer::on_command(Ask ask, const Result<Prepared>& prepared) {
  if (resilience::is_expired(ask.parcel().envelope.deadline, environment_.clock.now())) {
    return ask.answer(Error{Errc::deadline_exceeded, "message.expired", "not started"});
  }
  if (!prepared.ok()) return ask.answer(prepared.error());
  if (held_.has_key_of(ask)) return ask.answer(delivery::Answers::in_flight());
  decide({std::move(ask), prepared.value()});
}

void Writer::decide(Undecided request) {
  Ask& ask = request.ask;
  if (!state_.takes_work()) return ask.answer(state_.work().error());
  if (const Status opened = open_group(); !opened.ok()) return ask.answer(opened.error());
  std::optional<delivery::Awaited> awaited;
  auto reply = carry_out(ask, request.prepared, awaited);
  if (!reply.ok()) {
    if (awaited && held_.keep(request, *awaited, reply.error(), environment_.clock.now())) return;
    if (awaited) reply = last_word(*awaited, reply.error());
    const Outcome outcome = is_refusal(reply.error()) ? Outcome::rejected : Outcome::failed;
    telemetry_.count(ask.parcel().payload.type(), outcome);
  }
  if (!database_->in_transaction()) return ask.answer(std::move(reply));  // lost, with its whole group
  group_.answer(ask.take_reply(), std::move(reply));
  grown();
}

// In the transaction of the news, which they see.
void Writer::decide_again(const message::Parcel& news) {
  for (Undecided& request : held_.take_told(news)) decide(std::move(request));
}

Result<Payload> Writer::carry_out(const Ask& ask, const Prepared& prepared,
                                  std::optional<delivery::Awaited>& awaited) {
  const std::string& principal = ask.parcel().envelope.principal;
  const Span span{ask.parcel(), environment_};
  std::optional<Payload> answer;
  bool is_repeat = false;
  const Status status = attempt([&](store::Transaction& transaction) -> Status {
    if (ask.idempotency()) {
      auto stored =
          answers_.find(transaction, principal, *ask.idempotency(), *ask.parcel().payload.type().answer);
      if (!stored.ok()) return stored.error();
      answer = std::move(stored).value();
      is_repeat = answer.has_value();
      if (is_repeat) return success();
    }
    auto fresh = handling_.command(transaction, group_.emissions, ask.parcel(), prepared, span, &awaited);
    if (!fresh.ok()) return fresh.error();
    answer = std::move(fresh).value();
    if (ask.idempotency()) {
      answers_.store(transaction, principal, *ask.idempotency(), *answer, age_.at(environment_.clock.now()));
    }
    return success();
  });
  const Descriptor& type = ask.parcel().payload.type();
  telemetry_.ended(span, type, status);
  if (!status.ok()) return status.error();
  telemetry_.count(type, is_repeat ? Outcome::repeated : Outcome::done);
  return std::move(*answer);
}

// After a failure the store may hold less than is kept here, or, if only the answer was lost, more.
Status Writer::open_group() {
  if (database_->in_transaction()) return success();
  if (Status right = right_to_work(); !right.ok()) return right;
  Status opened = database_->begin();
  if (opened.ok() && !is_loaded_) {
    opened = database_->attempt([this](store::Transaction& transaction) {
      load(transaction);
      return success();
    });
    is_loaded_ = opened.ok();
  }
  if (!opened.ok()) abandon(opened.error());
  return opened;
}

// A failed attempt also takes back the messages that it emitted and what the saga engine remembers of it. If
// the whole transaction was lost, the group is abandoned.
Status Writer::attempt(const std::function<Status(store::Transaction&)>& work) {
  const std::size_t emitted = group_.emissions.size();
  const std::size_t mark = sagas_.mark();
  const Status status = database_->attempt(work);
  state_.read(status);
  if (status.ok()) return status;
  group_.emissions.erase(group_.emissions.begin() + static_cast<std::ptrdiff_t>(emitted),
                         group_.emissions.end());
  sagas_.rolled_back(mark, environment_.clock.now() + options_.pause);
  if (!database_->in_transaction()) abandon(status.error());
  return status;
}

// The same for rows of the runtime's own, without which the group can't stand.
Status Writer::record(const std::function<Status(store::Transaction&)>& work) {
  const Status status = attempt(work);
  if (!status.ok() && database_->in_transaction()) abandon(status.error());
  return status;
}

void Writer::grown() {
  const bool is_full = ++group_.size >= options_.group_max || group_.weigh() >= options_.group_bytes_max;
  if (is_full) static_cast<void>(commit());  // abandon() tells of a failure
}

// Called when the mailbox is empty, or the group is full. Updates its own state before it calls anyone, so
// that an exception in a listener cannot corrupt it.
Status Writer::commit() {
  if (!database_->in_transaction()) return arm(), success();
  std::vector<delivery::Delivery> rows;
  Status outcome = seal(rows);
  if (outcome.ok()) outcome = database_->commit();
  if (!outcome.ok()) return abandon(outcome.error()), outcome;
  outbox_.committed();
  answers_.transaction_ended();
  sagas_.committed();
  const auto moved = inbox_.committed();
  arm();
  if (group_.is_probe) state_.written();
  hand_over(std::exchange(group_, {}), std::move(rows), moved);
  empty_log();
  return outcome;
}

void Writer::empty_log() {
  if (database_->wal_bytes() > options_.wal_checkpoint_bytes) {
    const Status emptied = database_->checkpoint(store::Checkpoint::passive);
    state_.checkpointed(emptied);
    if (!emptied.ok()) state_.disk_is_full(database_->is_full());
  }
  state_.log_holds(database_->wal_bytes(), options_.wal_max_bytes);
}

// A store that could not commit refuses commands; so somebody has to find out that it can again. A commit
// without a change would write nothing.
void Writer::probe() {
  const Status changed = record([](store::Transaction& transaction) {
    transaction.execute("UPDATE banyan_owner SET since = since");
    return success();
  });
  group_.is_probe = changed.ok();
}

// Writes what the group has emitted and how far it has come.
Status Writer::seal(std::vector<delivery::Delivery>& rows) {
  return database_->attempt([&](store::Transaction& transaction) {
    const Moment now = age_.now(environment_.clock);
    for (const delivery::Emission& emission : group_.emissions) {
      if (emission.not_before > emission.parcel->envelope.time) {
        delivery::timers::add(transaction, emission, now.instant);
        expect_timer(std::min(timer_due_.value_or(emission.not_before), emission.not_before));
      } else if (!emission.parcel->payload.type().is_domain) {
        rows.push_back(outbox_.append(transaction, emission, now));
      }
    }
    environment_.faults.reach("before_cursor");
    inbox_.save(transaction);
    for (const std::string& producer : group_.producers) restarts_.forgive(transaction, producer);
    if (database_->has_changed() || (age_.is_due(now.instant) && state_.takes_work())) {
      age_.save(transaction, environment_.ids, now.instant);
    }
    return ownership_.check(transaction);
  });
}

void Writer::hand_over(Group group, std::vector<delivery::Delivery> rows,
                       const std::vector<std::string>& moved) {
  for (auto& [to, reply] : group.answers) to(std::move(reply));
  environment_.faults.reach("before_handoff");
  if (!rows.empty()) relay_->committed(std::move(rows));
  if (!moved.empty()) environment_.faults.reach("after_inbox_commit");
  for (const std::string& producer : moved) {
    producers_.at(producer)->confirm(module_.name(), inbox_.position(producer).seq);
  }
  for (const auto& work : group.after_commit) work();
}

// Nothing of the group has happened: whoever waits for an answer hears why, and messages are asked for again.
void Writer::abandon(const Error& error) {
  if (group_.size > 0 || state_.can_commit()) telemetry_.group_lost(group_.size, error);
  database_->rollback();
  rest_until_ = environment_.clock.now() + options_.pause;
  is_loaded_ = false;
  state_.commit_failed(error);
  state_.disk_is_full(database_->is_full());
  answers_.transaction_ended();
  sagas_.rolled_back(0, rest_until_);
  Group group = std::exchange(group_, {});
  for (const std::string& producer : group.producers) pause(producer);
  arm();
  for (auto& [to, reply] : group.answers) to(reply.ok() ? message::Reply{error} : std::move(reply));
}

}  // namespace banyan::module
