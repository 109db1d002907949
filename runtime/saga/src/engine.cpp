#include "banyan/saga/engine.hpp"

#include <algorithm>

#include "banyan/base/numbers.hpp"
#include "banyan/message/refusal.hpp"
#include "reason.hpp"

namespace banyan::saga {
namespace {

constexpr std::size_t cached_max = 8192;
constexpr Duration undo_delay_max = std::chrono::minutes{10};

/// Which question a reply answers: carried by every command of a saga, echoed in its reply.
struct Question {
  std::int64_t row = 0;
  std::size_t step = 0;
  bool compensates = false;
};

std::string to_text(const Question& question) {
  return std::to_string(question.row) + '/' + std::to_string(question.step) +
         (question.compensates ? "/undo" : "/do");
}

std::optional<Question> parse_question(std::string_view text) {
  const std::size_t first = text.find('/');
  const std::size_t last = text.rfind('/');
  if (first == last) return std::nullopt;
  const auto row = parse_number<std::int64_t>(text.substr(0, first));
  const auto step = parse_number<std::size_t>(text.substr(first + 1, last - first - 1));
  const std::string_view direction = text.substr(last);
  if (!row || !step || (direction != "/undo" && direction != "/do")) return std::nullopt;
  return Question{.row = *row, .step = *step, .compensates = direction == "/undo"};
}

Error bad_reply_to(std::string_view text) {
  return Error{Errc::invalid_argument, "saga.bad_reply_to", std::string{text}};
}

std::string to_detail(const Error& error) {
  return error.detail().empty() ? error.reason() : error.reason() + ": " + error.detail();
}

// A step that may have been done is asked again; one that was refused is not.
bool is_worth_another_attempt(const Error& error) { return is_retryable(error.code()); }

}  // namespace

void Engine::open(store::ReadTransaction& transaction) {
  auto rows =
      transaction.query("SELECT n, wake_at FROM banyan_saga WHERE status IN ('running', 'compensating')");
  while (rows.next()) wakes_.emplace(rows.get<Age>(1), rows.get<std::int64_t>(0));
}

bool Engine::starts_on(const message::Descriptor& event) const {
  return std::any_of(definitions_.begin(), definitions_.end(),
                     [&](const auto& definition) { return definition->starts_on == &event; });
}

Status Engine::start(Tx& tx, const Payload& event, const Context& context) {
  for (const auto& definition : definitions_) {
    if (definition->starts_on != &event.type()) continue;
    const Age now = age_.at(context.instant);
    Instance instance{.definition = definition.get(), .state = definition->start(event)};
    const std::int64_t added = tx.execute(
        "INSERT INTO banyan_saga (saga, id, status, step, attempt, state, reason, abort_reason, wake_at, "
        "started_at, deadline, began) VALUES (?1, ?2, 'running', 0, 1, ?3, '', '', ?4, ?5, ?6, ?7) "
        "ON CONFLICT (saga, id) DO NOTHING",
        definition->name, definition->id(event), Payload{*definition->state, instance.state}.to_json(),
        now + definition->steps.front().within, context.now, now + definition->deadline, now);
    if (added == 0) continue;
    instance.row = tx.last_insert_id();
    touched_.push_back(instance.row);
    Instance& kept = keep(std::move(instance));
    arm(kept, now + kept.current().within);
    send(tx, kept);
  }
  return success();
}

Status Engine::reply(Tx& tx, std::string_view reply_to, const Payload& reply, const Context& context) {
  const auto question = parse_question(reply_to);
  if (!question) return bad_reply_to(reply_to);
  Instance* instance = find(tx, question->row);
  // Finished: the question was asked twice, this is the second answer.
  if (instance == nullptr) return success();
  const std::vector<Step>& steps = instance->definition->steps;
  if (question->step >= steps.size()) return bad_reply_to(reply_to);
  if (instance->step != question->step || instance->compensates != question->compensates) {
    note(tx, *instance, steps[question->step].name, "late", reply.type().type, context.now);
    return success();
  }
  const message::Descriptor* absorbs = instance->compensates ? nullptr : instance->current().absorbs;
  if (&reply.type() == &message::Refusal::descriptor()) {
    return refused(tx, *instance, reply.as<message::Refusal>().to_error(), context);
  }
  if (absorbs != nullptr && absorbs != &reply.type()) {
    return Error{Errc::invalid_argument, "saga.wrong_reply", std::string{reply.type().type}};
  }
  return answered(tx, *instance, reply, context);
}

Status Engine::answered(Tx& tx, Instance& instance, const Payload& reply, const Context& context) {
  const Step& step = instance.current();
  if (instance.compensates) {
    note(tx, instance, step.name, "undone", {}, context.now);
    return compensate(tx, instance, instance.step, context);
  }
  if (step.absorb) {
    // A copy: what an undone savepoint leaves behind must be the state before it.
    auto state = instance.definition->copy(instance.state.get());
    const Status taken = step.absorb(state.get(), reply);
    if (!taken.ok()) return not_taken(tx, instance, std::move(state), taken.error(), context);
    instance.state = std::move(state);
  }
  note(tx, instance, step.name, "done", {}, context.now);
  return advance(tx, instance, context);
}

// The step is done, but its answer is of no use.
Status Engine::not_taken(Tx& tx, Instance& instance, std::shared_ptr<void> state, const Error& error,
                         const Context& context) {
  note(tx, instance, instance.current().name, "refused", to_detail(error), context.now);
  if (!instance.can_take_back(instance.step + 1)) return success();  // asked again when its time comes
  instance.state = std::move(state);
  return give_up(tx, instance, instance.step + 1, error, context);
}

Status Engine::advance(Tx& tx, Instance& instance, const Context& context) {
  const bool state_changed = static_cast<bool>(instance.current().absorb);
  const bool was_last = ++instance.step == instance.definition->steps.size();
  instance.attempt = 1;
  if (!was_last) arm(instance, age_.at(context.instant) + instance.current().within);
  if (!save(tx, instance, state_changed, instance.can_take_back(instance.step))) {
    return give_up(tx, instance, instance.step, Error{Errc::rejected, "saga.aborted"}, context);
  }
  if (was_last) return finish(tx, instance, context);
  send(tx, instance);
  return success();
}

// From here on the instance goes back. That somebody asked for it (see saga::abort) is the better reason.
Status Engine::give_up(Tx& tx, Instance& instance, std::size_t steps, const Error& reason,
                       const Context& context) {
  const auto asked = tx.find<std::string>(
      "SELECT abort_reason FROM banyan_saga WHERE n = ?1 AND abort_reason <> ''", instance.row);
  if (asked) note(tx, instance, instance.definition->name, "aborted", {}, context.now);
  instance.compensates = true;
  instance.reason = asked ? *asked : to_text(reason);
  return compensate(tx, instance, steps, context);
}

Status Engine::refused(Tx& tx, Instance& instance, const Error& error, const Context& context) {
  const std::string detail = to_detail(error);
  if (instance.compensates) {
    note(tx, instance, instance.current().name, "undo_refused", detail, context.now);
    return success();  // asked again when its time comes
  }
  note(tx, instance, instance.current().name, "refused", detail, context.now);
  if (is_worth_another_attempt(error) || !instance.can_take_back(instance.step)) return success();
  // Another attempt at this step may still be done.
  const std::size_t in_doubt = instance.attempt > 1 && instance.can_take_back(instance.step + 1) ? 1 : 0;
  return give_up(tx, instance, instance.step + in_doubt, error, context);
}

// Takes back the last of the first `steps` steps that can be taken back; with none left the saga has failed.
Status Engine::compensate(Tx& tx, Instance& instance, std::size_t steps, const Context& context) {
  instance.attempt = 1;
  while (steps > 0) {
    instance.step = --steps;
    if (instance.current().undo) {
      arm(instance, age_.at(context.instant) + instance.current().within);
      save(tx, instance, true, false);
      send(tx, instance);
      return success();
    }
    note(tx, instance, instance.current().name, "kept", instance.current().irreversible_because, context.now);
  }
  return finish(tx, instance, context);
}

Status Engine::finish(Tx& tx, Instance& instance, const Context& context) {
  const Definition& definition = *instance.definition;
  const void* state = instance.state.get();
  const Status status = instance.compensates ? definition.fails(tx, state, to_error(instance.reason), context)
                                             : definition.completes(tx, state, context);
  if (!status.ok()) return status;
  const std::string_view outcome = instance.compensates ? "failed" : "completed";
  note(tx, instance, definition.name, outcome,
       instance.compensates ? to_detail(to_error(instance.reason)) : std::string{}, context.now);
  tx.execute("UPDATE banyan_saga SET status = ?2 WHERE n = ?1", instance.row, outcome);
  wakes_.erase({instance.wake_at, instance.row});
  instances_.erase(instance.row);
  return success();
}

// The command that undoes a step has the same key, so that it waits behind the step's command if that is
// parked.
void Engine::send(Tx& tx, const Instance& instance) {
  const Step& step = instance.current();
  Payload command = step.command(instance.state.get());
  std::string key = command.type().key(command.value());
  if (key.empty()) key = "saga/" + std::to_string(instance.row);
  if (instance.compensates) command = step.undo(instance.state.get());
  const message::Descriptor& type = command.type();
  tx.emit(std::move(command),
          {.destination = std::string{type.module},
           .reply_to = to_text(Question{instance.row, instance.step, instance.compensates}),
           .deadline = instance.compensates ? no_deadline : age_.at(instance.wake_at),
           .key = std::move(key)});
}

std::optional<Instant> Engine::next_wake() const {
  return wakes_.empty() ? std::nullopt : std::optional{age_.at(wakes_.begin()->first)};
}

std::optional<std::int64_t> Engine::take_due(Instant now) {
  if (wakes_.empty() || wakes_.begin()->first > age_.at(now)) return std::nullopt;
  return wakes_.extract(wakes_.begin()).value().second;
}

Status Engine::wake(Tx& tx, std::int64_t row, const Context& context) {
  Instance* instance = find(tx, row);
  if (instance == nullptr) return success();
  const Age now = age_.at(context.instant);
  if (instance->wake_at > now) {
    arm(*instance, instance->wake_at);
    return success();
  }
  const Step& step = instance->current();
  const std::string attempt = "attempt " + std::to_string(instance->attempt);
  note(tx, *instance, step.name, instance->compensates ? "undo_timed_out" : "timed_out", attempt,
       context.now);
  const bool may_stop = !instance->compensates && instance->can_take_back(instance->step + 1);
  if (may_stop && instance->attempt >= step.attempts_max) {
    const Error reason{Errc::deadline_exceeded, "saga.step_timed_out", step.name};
    return give_up(tx, *instance, instance->step + 1, reason, context);  // it may have been done
  }
  const int doublings = may_stop ? 0 : std::min(instance->attempt, 10);
  ++instance->attempt;
  arm(*instance, now + std::min(step.within * (1 << doublings), std::max(step.within, undo_delay_max)));
  if (!save(tx, *instance, false, may_stop)) {
    return give_up(tx, *instance, instance->step + 1, Error{Errc::rejected, "saga.aborted"}, context);
  }
  send(tx, *instance);
  return success();
}

void Engine::rolled_back(std::size_t mark, Instant look_again_at) {
  for (std::size_t i = mark; i < touched_.size(); ++i) {
    instances_.erase(touched_[i]);
    wakes_.emplace(age_.at(look_again_at), touched_[i]);
  }
  touched_.resize(mark);
}

void Engine::arm(Instance& instance, Age at) {
  wakes_.erase({instance.wake_at, instance.row});
  instance.wake_at = at;
  wakes_.emplace(at, instance.row);
}

// False, and nothing is written, if an instance that may stop was asked to.
bool Engine::save(Tx& tx, const Instance& instance, bool state_changed, bool may_stop) {
  const std::string_view status = instance.compensates ? "compensating" : "running";
  const auto step = static_cast<std::int64_t>(instance.step);
  if (!state_changed) {
    return tx.execute(
               "UPDATE banyan_saga SET step = ?2, attempt = ?3, wake_at = ?4 WHERE n = ?1 AND "
               "(abort_reason = '' OR NOT ?5)",
               instance.row, step, instance.attempt, instance.wake_at, may_stop) == 1;
  }
  return tx.execute(
             "UPDATE banyan_saga SET step = ?2, attempt = ?3, wake_at = ?4, status = ?5, reason = ?6, "
             "state = ?7 WHERE n = ?1 AND (abort_reason = '' OR NOT ?8)",
             instance.row, step, instance.attempt, instance.wake_at, status, instance.reason,
             Payload{*instance.definition->state, instance.state}.to_json(), may_stop) == 1;
}

void Engine::note(Tx& tx, const Instance& instance, std::string_view step, std::string_view outcome,
                  std::string_view detail, Timestamp at) {
  tx.execute(
      "INSERT INTO banyan_saga_history (saga, n, at, step, outcome, detail) VALUES (?1, "
      "(SELECT coalesce(max(n), 0) + 1 FROM banyan_saga_history WHERE saga = ?1), ?2, ?3, ?4, ?5)",
      instance.row, at, step, outcome, detail);
}

const Definition* Engine::definition(std::string_view name) const {
  const auto found = std::find_if(definitions_.begin(), definitions_.end(),
                                  [&](const auto& definition) { return definition->name == name; });
  return found == definitions_.end() ? nullptr : found->get();
}

// The instance may be of this very transaction, and is undone with it.
Engine::Instance* Engine::find(store::ReadTransaction& transaction, std::int64_t row) {
  touched_.push_back(row);
  const auto cached = instances_.find(row);
  if (cached != instances_.end()) return &cached->second;
  auto instance = read(transaction, row);
  return instance ? &keep(std::move(*instance)) : nullptr;
}

Engine::Instance& Engine::keep(Instance instance) {
  if (instances_.size() >= cached_max) instances_.clear();
  const std::int64_t row = instance.row;
  return instances_.insert_or_assign(row, std::move(instance)).first->second;
}

std::optional<Engine::Instance> Engine::read(store::ReadTransaction& transaction, std::int64_t row) {
  auto rows = transaction.query(
      "SELECT saga, status, step, attempt, state, reason, wake_at FROM banyan_saga "
      "WHERE n = ?1 AND status IN ('running', 'compensating')",
      row);
  if (!rows.next()) return std::nullopt;
  const Definition* of = definition(rows.get<std::string_view>(0));
  if (of == nullptr) {
    throw store::Failure{Error{Errc::data_loss, "saga.unknown", "no saga " + rows.get<std::string>(0)}};
  }
  const auto step = rows.get<std::size_t>(2);
  if (step >= of->steps.size()) {
    throw store::Failure{Error{Errc::data_loss, "saga.unknown_step",
                               of->name + " has no step " + std::to_string(step) + " any more"}};
  }
  auto state = message::decode(*of->state, rows.get<std::string_view>(4));
  if (!state.ok()) throw store::Failure{Error{Errc::data_loss, "saga.bad_state", state.error().detail()}};
  return Instance{.row = row,
                  .definition = of,
                  .compensates = rows.get<std::string_view>(1) == "compensating",
                  .step = step,
                  .attempt = rows.get<int>(3),
                  .state = of->copy(state.value().value()),
                  .reason = rows.get<std::string>(5),
                  .wake_at = rows.get<Age>(6)};
}

}  // namespace banyan::saga
