#include "banyan/resilience/guarded.hpp"

#include <algorithm>
#include <atomic>
#include <optional>
#include <utility>
#include <vector>

#include "banyan/resilience/deadline.hpp"
#include "guard_metrics.hpp"

namespace banyan::resilience {
namespace {

/// How often those that wait for a place are looked through for deadlines.
constexpr Duration queue_tick = std::chrono::milliseconds{100};

/// One call of a caller, with all its attempts. One thread at a time has it.
struct Call {
  explicit Call(message::Request request_) : request(std::move(request_)) {}

  message::Request request;
  int attempts = 0;            ///< Made so far.
  Instant attempt_deadline{};  ///< Of the one under way.
  Instant attempt_began{};
  std::optional<Error> in_doubt;  ///< The last error that leaves open what an attempt has done.
};
using CallPtr = std::shared_ptr<Call>;

bool is_harmless_to_repeat(const message::Request& request) {
  return request.idempotency.has_value() || request.parcel->payload.type().kind == message::Kind::query;
}

// Only a repeat of ours can meet it: the attempt before is still at work.
bool is_found_under_way(const Call& call, const Error& error) {
  return call.in_doubt && error.reason() == "idempotency.in_flight";
}

// A callee that did not answer in time may have done the work; one that could not be reached probably has
// not. The caller is told of the first.
void note_doubt(Call& call, const Error& error) {
  const bool is_weaker =
      call.in_doubt && call.in_doubt->code() == Errc::deadline_exceeded && error.code() == Errc::unavailable;
  if (!is_weaker) call.in_doubt = error;
}

/// Options come from a configuration: a first delay above the longest one is no reason to end the process.
RetryPolicy sound(RetryPolicy policy) {
  policy.delay_base = std::min(policy.delay_base, policy.delay_max);
  return policy;
}

message::ParcelPtr with_deadline(const message::ParcelPtr& parcel, Instant deadline) {
  if (parcel->envelope.deadline <= deadline) return parcel;
  auto copy = std::make_shared<message::Parcel>(*parcel);
  copy->envelope.deadline = deadline;
  return copy;
}

Error expired() {
  return {Errc::deadline_exceeded, "message.expired", "the deadline passed before the call could be made"};
}

}  // namespace

class Guarded::State : public std::enable_shared_from_this<State> {
 public:
  State(std::string dependency, message::Endpoint& inner, const GuardOptions& options,
        GuardSurroundings surroundings)
      : dependency_(std::move(dependency)),
        inner_(inner),
        timeout_(options.timeout),
        retry_(sound(options.retry)),
        with_(std::move(surroundings)),
        budget_(options.retry_budget),
        breaker_(options.breaker, with_.clock),
        bulkhead_(options.bulkhead),
        counters_(with_.metrics, dependency_) {}

  void take(message::Request request) {
    budget_.add_request();
    attempt(std::make_shared<Call>(std::move(request)));
  }

  GuardStatus describe() const {
    const Breaker::Snapshot breaker = breaker_.snapshot();
    return {.dependency = dependency_,
            .breaker = breaker.state,
            .refused_for = breaker_.refuses().value_or(Duration::zero()),
            .calls = breaker.calls,
            .failures = breaker.failures,
            .running = bulkhead_.running(),
            .waiting = bulkhead_.waiting()};
  }

  std::vector<telemetry::Registry::Registration> register_readings() {
    return resilience::register_readings(with_.metrics, dependency_, breaker_, [this] { return describe(); });
  }

 private:
  void attempt(CallPtr call) {
    const Instant now = with_.clock.now();
    const Instant deadline = call->request.parcel->envelope.deadline;
    if (is_expired(deadline, now)) return refuse_expired(*call);
    if (const auto wait = breaker_.refuses()) return refuse_open(*call, *wait);
    call->attempt_deadline = child_deadline(deadline, now, timeout_);
    switch (bulkhead_.enter(call, call->attempt_deadline)) {
      case Bulkhead<CallPtr>::Entry::entered:
        return start(std::move(call));
      case Bulkhead<CallPtr>::Entry::waits:
        return watch_queue();
      case Bulkhead<CallPtr>::Entry::full:
        return refuse_full(*call);
    }
  }

  /// Has a place.
  void start(CallPtr call) {
    const Instant now = with_.clock.now();
    if (is_expired(call->attempt_deadline, now)) {
      leave();
      return refuse_expired(*call);
    }
    const auto permit = breaker_.admit();
    if (!permit) {
      leave();
      return refuse_open(*call, breaker_.refuses().value_or(Duration::zero()));
    }
    ++call->attempts;
    call->attempt_began = now;
    message::Request attempt{
        .parcel = with_deadline(call->request.parcel, call->attempt_deadline),
        .reply = [self = shared_from_this(), call,
                  permit = *permit](message::Reply reply) { self->end(call, permit, std::move(reply)); },
        .idempotency = call->request.idempotency};
    inner_.submit(std::move(attempt));
  }

  void end(const CallPtr& call, Breaker::Permit permit, message::Reply reply) {
    const bool has_failed = !reply.ok() && is_ambiguous(reply.error().code());
    count(reply.ok() ? counters_.done : has_failed ? counters_.failed : counters_.refused, *call);
    settle(permit, !has_failed            ? Breaker::Outcome::success
                   : with_.is_reachable() ? Breaker::Outcome::failure
                                          : Breaker::Outcome::none);
    leave();
    if (has_failed) note_doubt(*call, reply.error());
    const bool is_undecided = has_failed || (!reply.ok() && is_found_under_way(*call, reply.error()));
    if (!is_undecided) return conclude(*call, std::move(reply));
    if (!repeat_later(call)) answer(*call, *call->in_doubt);
  }

  void count(telemetry::Counter& outcome, const Call& call) {
    outcome.add();
    counters_.duration.observe(with_.clock.now() - call.attempt_began);
  }

  void settle(Breaker::Permit permit, Breaker::Outcome outcome) {
    const auto changed = breaker_.settle(permit, outcome);
    if (changed == BreakerState::open)
      with_.log.warning("breaker opened: calls are refused", {{"dependency", dependency_}});
    if (changed == BreakerState::closed)
      with_.log.info("breaker closed: calls pass again", {{"dependency", dependency_}});
  }

  void leave() {
    bulkhead_.leave([this](CallPtr next) { start(std::move(next)); });
  }

  /// False if the call is not to be repeated.
  bool repeat_later(const CallPtr& call) {
    if (!is_harmless_to_repeat(call->request) || !retry_.allows_another(call->attempts)) return false;
    const Duration delay = retry_.delay(call->attempts, with_.random);
    const Instant now = with_.clock.now();
    if (delay >= remaining(call->request.parcel->envelope.deadline, now)) return false;
    if (breaker_.refuses() || !budget_.try_spend()) return false;
    counters_.retries.add();
    with_.call_after(delay, [self = shared_from_this(), call] { self->attempt(call); });
    return true;
  }

  void watch_queue() {
    if (is_watching_.exchange(true)) return;
    with_.call_after(queue_tick, [self = shared_from_this()] { self->look_through_queue(); });
  }

  void look_through_queue() {
    is_watching_ = false;
    for (const CallPtr& call : bulkhead_.take_expired(with_.clock.now())) refuse_expired(*call);
    if (bulkhead_.waiting() > 0) watch_queue();
  }

  void refuse_open(Call& call, Duration wait) {
    counters_.open.add();
    const auto seconds = std::max(std::chrono::ceil<std::chrono::seconds>(wait), std::chrono::seconds{1});
    refuse(call, {Errc::unavailable, "resilience.open",
                  dependency_ + " has failed; try again in " + std::to_string(seconds.count()) + " s"});
  }

  void refuse_full(Call& call) {
    counters_.full.add();
    refuse(call, {Errc::resource_exhausted, "resilience.full", "too many calls to " + dependency_});
  }

  void refuse_expired(Call& call) {
    counters_.expired.add();
    refuse(call, expired());
  }

  /// The attempt was not made: that says nothing of those before.
  void refuse(Call& call, Error error) { answer(call, call.in_doubt ? *call.in_doubt : std::move(error)); }

  void conclude(Call& call, message::Reply reply) {
    const bool was_not_taken = !reply.ok() && reply.error().code() == Errc::resource_exhausted;
    if (was_not_taken) return refuse(call, reply.error());
    answer(call, std::move(reply));
  }

  static void answer(Call& call, message::Reply reply) { call.request.reply(std::move(reply)); }

  const std::string dependency_;
  message::Endpoint& inner_;
  const Duration timeout_;
  const RetryPolicy retry_;
  const GuardSurroundings with_;
  RetryBudget budget_;
  Breaker breaker_;
  Bulkhead<CallPtr> bulkhead_;
  GuardCounters counters_;
  std::atomic<bool> is_watching_{false};
};

Guarded::Guarded(std::string dependency, message::Endpoint& inner, const GuardOptions& options,
                 GuardSurroundings surroundings)
    : state_(std::make_shared<State>(std::move(dependency), inner, options, std::move(surroundings))),
      readings_(state_->register_readings()) {}

Guarded::~Guarded() = default;

void Guarded::submit(message::Request request) { state_->take(std::move(request)); }

GuardStatus Guarded::describe() const { return state_->describe(); }

}  // namespace banyan::resilience
