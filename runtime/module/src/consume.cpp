#include <algorithm>

#include "banyan/message/undecoded.hpp"
#include "banyan/resilience/deadline.hpp"
#include "writer.hpp"

namespace banyan::module {
namespace {

Error too_many_parked(std::size_t count) {
  return {Errc::resource_exhausted, "module.too_many_parked",
          std::to_string(count) + " messages are parked: retry or discard the dead letters"};
}

Error expired() { return {Errc::deadline_exceeded, "message.expired", "not started"}; }

/// Of one commit.
constexpr std::size_t messages_with_commands_max = 64;

bool is_command(const message::Parcel& parcel) {
  return parcel.payload.type().kind == message::Kind::command;
}

bool wants_reply(const message::Parcel& parcel) {
  return is_command(parcel) && !parcel.envelope.reply_to.empty();
}

// The rest is a batch like any other: if the first ones are lost with their group, it does not follow on.
void remove_first(PreparedBatch& arrived, std::size_t count) {
  if (count == 0) return;
  auto& deliveries = arrived.batch.deliveries;
  const auto n = static_cast<std::ptrdiff_t>(count);
  arrived.batch.after = deliveries[count - 1].seq;
  deliveries.erase(deliveries.begin(), deliveries.begin() + n);
  if (!arrived.prepared.empty())
    arrived.prepared.erase(arrived.prepared.begin(), arrived.prepared.begin() + n);
}

}  // namespace

void Writer::deliver(PreparedBatch batch) {
  post([this, batch = std::move(batch)]() mutable {
    arrived_.push_back(std::move(batch));
    take_messages();
  });
}

void Writer::retry(delivery::ParkedMessage message, message::ParcelPtr parcel, Result<Prepared> prepared) {
  post([this, message = std::move(message), parcel = std::move(parcel), prepared = std::move(prepared)] {
    on_retry(message, *parcel, prepared);
  });
}

// The first batch that has arrived. What is left of it when commands are due waits behind them.
void Writer::take_messages() {
  PreparedBatch first = std::move(arrived_.front());
  arrived_.pop_front();
  if (on_batch(first)) return;
  arrived_.push_front(std::move(first));
  post([this] { take_messages(); });
}

// Somebody waits for the answer to a command, the longer the more messages share its commit.
bool Writer::commands_are_due() const {
  const bool somebody_waits = commands_waiting_ > 0 || !group_.answers.empty();
  return somebody_waits && group_.messages >= messages_with_commands_max;
}

// False if commands are due before all of it is handled; then it is what is left.
bool Writer::on_batch(PreparedBatch& arrived) {
  const delivery::Batch& batch = arrived.batch;
  const std::string& producer = batch.producer;
  if (paused_.contains(producer)) return true;  // asked for again when the pause ends
  if (!state_.takes_work() || !open_group().ok()) return pause(producer), true;
  if (parked_.size() >= options_.parked_max) {
    telemetry_.waits(producer, batch.deliveries.front().parcel->payload.type(),
                     too_many_parked(parked_.size()));
    return pause(producer), true;
  }
  if (inbox_.has_gap(batch)) return ask_again(producer), true;
  asked_again_.erase(producer);
  for (std::size_t i = 0; i < batch.deliveries.size(); ++i) {
    if (commands_are_due()) return remove_first(arrived, i), false;
    if (paused_.contains(producer)) return true;
    if (inbox_.is_repeat(batch, batch.deliveries[i])) {
      telemetry_.count(batch.deliveries[i].parcel->payload.type(), Outcome::repeated);
      continue;
    }
    if (!open_group().ok() || !consume(arrived, i)) return pause(producer), true;
  }
  return true;
}

// False if the producer has to wait and to send this delivery again.
bool Writer::consume(const PreparedBatch& batch, std::size_t index) {
  const delivery::Batch& from = batch.batch;
  const delivery::Delivery& delivery = from.deliveries[index];
  group_.producers.insert(from.producer);
  const Descriptor& type = delivery.parcel->payload.type();
  std::optional<Error> failure;
  const bool waits = parked_.is_parked(from.producer, *delivery.parcel);
  if (!waits && is_suspect(from.producer)) return suspect(from, delivery);
  if (!waits) {
    const Status handled = handle(
        *delivery.parcel, batch.prepared.empty() ? Result<Prepared>{Prepared{}} : batch.prepared[index],
        inbox_.is_replay(from.producer, delivery.seq));
    if (!handled.ok()) failure = handled.error();
  }
  if (!database_->in_transaction()) return false;
  if (failure && concerns_everyone(*failure)) {
    telemetry_.count(type, Outcome::retried);
    telemetry_.waits(from.producer, type, *failure);
    return false;
  }
  telemetry_.goes_on(from.producer);
  if (waits || failure) {
    const bool is_final = failure && is_refusal(*failure);
    const Moment now = age_.now(environment_.clock);
    const Age next = is_final ? delivery::never : now.age + options_.retry.delay(1, environment_.random);
    const Status parked = record([&](store::Transaction& transaction) {
      parked_.park(transaction, from.producer, delivery, failure, now, next);
      look_at_parked(transaction);
      return success();
    });
    if (!parked.ok()) return false;
    if (failure) report(FailedMessage::of(from.producer, delivery), type, *failure, is_final);
  }
  inbox_.advance(from, delivery);
  ++group_.messages;
  grown();
  if (!waits && !failure) decide_again(*delivery.parcel);
  return true;
}

bool Writer::is_suspect(const std::string& producer) const {
  const auto left = suspects_left_.find(producer);
  return left != suspects_left_.end() && left->second > 0;
}

// The process has ended before it could say of what. One message after the other is tried, each attempt
// counted beforehand.
bool Writer::suspect(const delivery::Batch& from, const delivery::Delivery& delivery) {
  const Status parked = record([&](store::Transaction& transaction) {
    parked_.suspect(transaction, from.producer, delivery, age_.now(environment_.clock));
    look_at_parked(transaction);
    return success();
  });
  if (!parked.ok()) return false;
  --suspects_left_.at(from.producer);
  inbox_.advance(from, delivery);
  ++group_.messages;
  grown();
  return true;
}

Status Writer::handle(const message::Parcel& parcel, const Result<Prepared>& prepared, bool is_replay) {
  const Descriptor& type = parcel.payload.type();
  const Span span{parcel, environment_};
  Status status = success();
  if (const message::Undecoded* undecoded = message::undecoded(parcel.payload)) {
    status = undecoded->why;
  } else if (is_replay) {
    status = attempt([&](store::Transaction& transaction) {
      return handling_.replay(transaction, group_.emissions, parcel, span);
    });
  } else if (is_command(parcel) &&
             resilience::is_expired(parcel.envelope.deadline, environment_.clock.now())) {
    status = expired();
  } else if (!prepared.ok()) {
    status = prepared.error();
  } else {
    status = attempt([&](store::Transaction& transaction) {
      return handling_.message(transaction, group_.emissions, parcel, prepared.value(), span);
    });
  }
  telemetry_.ended(span, type, status);
  if (!status.ok() && status.error() == expired()) expiries_.add(parcel, age_.now(environment_.clock));
  if (status.ok()) return telemetry_.count(type, is_replay ? Outcome::repeated : Outcome::done), status;
  if (is_replay || !is_refusal(status.error()) || !wants_reply(parcel) || !database_->in_transaction())
    return status;
  telemetry_.count(type, Outcome::rejected);
  return attempt([&](store::Transaction& transaction) {
    return handling_.refusal(transaction, group_.emissions, parcel, status.error(), span);
  });
}

// It may be settled otherwise while it is prepared.
bool Writer::is_retrying(const delivery::ParkedMessage& message) {
  bool is_retrying = false;
  const Status read = attempt([&](store::Transaction& transaction) {
    const auto found = delivery::Parked::find(transaction, message.producer, message.seq);
    is_retrying = found && found->state == delivery::ParkedState::retrying;
    return success();
  });
  return read.ok() && is_retrying;
}

void Writer::on_retry(const delivery::ParkedMessage& message, const message::Parcel& parcel,
                      const Result<Prepared>& prepared) {
  under_trial_.erase({message.producer, message.seq});
  if (!open_group().ok() || !is_retrying(message)) return;  // what was not tried is tried at its next time
  const Status handled = handle(parcel, prepared, inbox_.is_replay(message.producer, message.seq));
  if (!database_->in_transaction()) return;
  const bool is_last = !handled.ok() && !concerns_everyone(handled.error()) &&
                       (is_refusal(handled.error()) || !options_.retry.allows_another(message.attempts + 1));
  const Status noted = record([&](store::Transaction& transaction) {
    if (handled.ok()) {
      parked_.resolve(transaction, message, age_.at(environment_.clock.now()));
    } else {
      parked_.failed(transaction, message, handled.error(), is_last);
    }
    look_at_parked(transaction);
    return success();
  });
  if (!noted.ok()) return;
  if (!handled.ok()) {
    report(FailedMessage::of(message, parcel.envelope.trace), parcel.payload.type(), handled.error(),
           is_last);
  }
  grown();
  if (handled.ok()) decide_again(parcel);
}

void Writer::report(const FailedMessage& message, const Descriptor& type, const Error& cause, bool is_dead) {
  telemetry_.count(type, is_dead ? Outcome::dead : Outcome::retried);
  telemetry_.failed(message, cause, is_dead);
}

void Writer::pause(const std::string& producer) {
  paused_.try_emplace(producer, environment_.clock.now() + options_.pause);
}

// Asks only once per gap, because batches already in flight do not fit either: asking for each would resend
// everything several times.
void Writer::ask_again(const std::string& producer) {
  if (asked_again_.insert(producer).second) resume(producer);
}

void Writer::resume(const std::string& producer) {
  paused_.erase(producer);
  producers_.at(producer)->resume(module_.name(), inbox_.position(producer));
}

// Checks before it changes anything: a refusal must not abort the group; a half-made change must.
Status Writer::resolve_parked(const std::string& producer, std::uint64_t seq, Instance::ParkedAction action) {
  if (const Status opened = open_group(); !opened.ok()) return opened;
  delivery::ParkedMessage message;
  const Status found = attempt([&](store::Transaction& transaction) -> Status {
    auto parked = delivery::Parked::find(transaction, producer, seq);
    if (!parked) return Error{Errc::not_found, "delivery.not_parked", producer + "/" + std::to_string(seq)};
    message = *std::move(parked);
    if (message.state == delivery::ParkedState::dead) return success();
    return Error{Errc::conflict, "delivery.not_dead", "it is " + std::string{to_string(message.state)}};
  });
  if (!found.ok()) return found;
  const Status changed = record([&](store::Transaction& transaction) {
    const Age now = age_.at(environment_.clock.now());
    if (action == Instance::ParkedAction::retry) {
      parked_.revive(transaction, producer, seq, now);
    } else {
      parked_.resolve(transaction, message, now);
    }
    look_at_parked(transaction);
    return success();
  });
  return changed.ok() ? commit() : changed;
}

Status Writer::rewind(const std::string& producer, const delivery::Position& to) {
  if (const Status before = commit(); !before.ok()) return before;
  if (const Status opened = open_group(); !opened.ok()) return opened;
  const Status status =
      attempt([&](store::Transaction& transaction) { return check_rewind(transaction, producer, to); });
  if (status.ok()) inbox_.rewind(producer, to);
  const Status committed = commit();
  if (!status.ok()) return status;
  if (committed.ok()) resume(producer);
  return committed;
}

// A message that is parked may be one that was never handled: as a replay it would have no effect.
Status Writer::check_rewind(store::Transaction& transaction, const std::string& producer,
                            const delivery::Position& to) const {
  if (!producers_.contains(producer) || producer == module_.name()) {
    return Error{Errc::not_found, "module.unknown_producer", producer};
  }
  const bool projects = std::ranges::any_of(
      module_.projections(), [&](const auto& handlers) { return handlers.first->module == producer; });
  if (!projects) return Error{Errc::rejected, "module.not_rewindable", "no projection of " + producer};
  const delivery::Position at = inbox_.position(producer);
  if (to.epoch != at.epoch) return Error{Errc::conflict, "delivery.other_log", to_string(at.epoch)};
  const std::uint64_t handled = inbox_.handled_until(producer);
  if (to.seq > handled) {
    return Error{Errc::invalid_argument, "delivery.position_ahead",
                 "it has not been beyond " + std::to_string(handled)};
  }
  const auto parked =
      transaction.find<std::int64_t>("SELECT count(*) FROM banyan_parked WHERE producer = ?1", producer);
  if (*parked == 0) return success();
  return Error{Errc::conflict, "delivery.still_parked", std::to_string(*parked) + " messages"};
}

}  // namespace banyan::module
