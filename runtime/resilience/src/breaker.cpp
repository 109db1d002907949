#include "banyan/resilience/breaker.hpp"

#include <algorithm>

#include "banyan/base/assert.hpp"

namespace banyan::resilience {

std::string_view to_string(BreakerState state) noexcept {
  switch (state) {
    case BreakerState::closed:
      return "closed";
    case BreakerState::half_open:
      return "half_open";
    case BreakerState::open:
      return "open";
  }
  return "";
}

Breaker::Breaker(const Options& options, const Clock& clock) : options_(options), clock_(clock) {
  BANYAN_ASSERT(1 <= options.failures_percent && options.failures_percent <= 100);
  BANYAN_ASSERT(options.window.count() >= static_cast<Duration::rep>(slots));
  BANYAN_ASSERT(options.calls_min >= 1 && options.trials >= 1);
  BANYAN_ASSERT(options.open_for > Duration::zero());
}

std::optional<Breaker::Permit> Breaker::admit() {
  const std::lock_guard lock{mutex_};
  const Instant now = clock_.now();
  if (refuses_at(now)) return std::nullopt;
  if (state_ == BreakerState::open) half_open();
  if (state_ == BreakerState::half_open) ++trials_out_;
  return Permit{generation_};
}

std::optional<Duration> Breaker::refuses() const {
  const std::lock_guard lock{mutex_};
  return refuses_at(clock_.now());
}

std::optional<BreakerState> Breaker::settle(Permit permit, Outcome outcome) {
  const std::lock_guard lock{mutex_};
  if (permit.generation_ != generation_) return std::nullopt;
  const Instant now = clock_.now();
  if (state_ == BreakerState::half_open) return settle_trial(now, outcome);
  if (outcome == Outcome::none) return std::nullopt;
  count(now, outcome == Outcome::failure);
  if (!is_failing(now)) return std::nullopt;
  return open(now);
}

Breaker::Snapshot Breaker::snapshot() const {
  const std::lock_guard lock{mutex_};
  const Instant now = clock_.now();
  const Sum recent = sum(now);
  return {.state = state_at(now), .calls = recent.calls, .failures = recent.failures, .opened = opened_};
}

BreakerState Breaker::state_at(Instant now) const {
  const bool is_over = state_ == BreakerState::open && now - opened_at_ >= options_.open_for;
  return is_over ? BreakerState::half_open : state_;
}

std::optional<Duration> Breaker::refuses_at(Instant now) const {
  if (state_at(now) == BreakerState::open) return options_.open_for - (now - opened_at_);
  const bool are_trials_out = state_ == BreakerState::half_open && trials_out_ == options_.trials;
  if (are_trials_out) return Duration::zero();
  return std::nullopt;
}

std::int64_t Breaker::slot_number(Instant now) const {
  return now.time_since_epoch() / (options_.window / static_cast<std::int64_t>(slots));
}

void Breaker::count(Instant now, bool failed) {
  const std::int64_t number = slot_number(now);
  Slot& slot = window_[static_cast<std::size_t>(number) % slots];
  if (slot.number != number) slot = {.number = number};
  ++slot.calls;
  slot.failures += failed ? 1 : 0;
}

Breaker::Sum Breaker::sum(Instant now) const {
  const std::int64_t oldest = slot_number(now) - static_cast<std::int64_t>(slots) + 1;
  Sum sum;
  for (const Slot& slot : window_) {
    if (slot.number < oldest) continue;
    sum.calls += slot.calls;
    sum.failures += slot.failures;
  }
  return sum;
}

bool Breaker::is_failing(Instant now) const {
  const Sum recent = sum(now);
  if (recent.calls < options_.calls_min) return false;
  return std::int64_t{recent.failures} * 100 >= std::int64_t{recent.calls} * options_.failures_percent;
}

std::optional<BreakerState> Breaker::settle_trial(Instant now, Outcome outcome) {
  if (outcome == Outcome::failure) return open(now);
  if (outcome == Outcome::none) {
    --trials_out_;
    return std::nullopt;
  }
  if (++trials_passed_ < options_.trials) return std::nullopt;
  return close();
}

BreakerState Breaker::open(Instant now) {
  ++generation_;
  ++opened_;
  opened_at_ = now;
  window_ = {};
  return state_ = BreakerState::open;
}

void Breaker::half_open() {
  ++generation_;
  trials_out_ = 0;
  trials_passed_ = 0;
  state_ = BreakerState::half_open;
}

BreakerState Breaker::close() {
  ++generation_;
  return state_ = BreakerState::closed;
}

}  // namespace banyan::resilience
