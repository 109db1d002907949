#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>

#include "banyan/base/clock.hpp"

namespace banyan::resilience {

/// The values are those of the metric banyan_breaker_state.
enum class BreakerState : std::uint8_t {
  closed = 0,     ///< Calls pass and are counted.
  half_open = 1,  ///< A few trial calls pass, to find out whether the dependency is back.
  open = 2,       ///< Calls are refused without being tried.
};

/// "closed", "half_open", "open".
std::string_view to_string(BreakerState state) noexcept;

/// A circuit breaker: stops calling a dependency that fails, so that neither callers wait for what will fail
/// nor the dependency is kept from getting up again.
///
/// Closed, it opens when of the calls that ended within `window` (slid on in tenths of it) at least
/// `failures_percent` failed and there were at least `calls_min`. `open_for` later it is half-open: `trials`
/// calls pass; when all of them have succeeded it closes and forgets what was, and the first that fails opens
/// it again.
///
/// Threads: safe. Lifetime: the clock must live longer.
class Breaker {
 public:
  struct Options {
    int failures_percent = 50;  ///< 1 to 100.
    Duration window = std::chrono::seconds{10};
    int calls_min = 20;
    Duration open_for = std::chrono::seconds{30};
    int trials = 3;
  };

  enum class Outcome : std::uint8_t {
    success,
    failure,
    none,  ///< It says nothing of the dependency: it counts for nothing.
  };

  /// Leave for one call, to be settled once. What comes of it counts only for the state that gave it: a call
  /// from before the opening says nothing about a trial.
  class Permit {
   private:
    friend class Breaker;
    explicit Permit(std::uint64_t generation) : generation_(generation) {}
    std::uint64_t generation_;
  };

  struct Snapshot {
    BreakerState state = BreakerState::closed;
    int calls = 0;             ///< That ended within the window; closed only.
    int failures = 0;          ///< Those of them that failed.
    std::uint64_t opened = 0;  ///< How often it has opened.
  };

  Breaker(const Options& options, const Clock& clock);

  /// Leave for a call; nullopt if it is refused.
  std::optional<Permit> admit();
  /// How long calls are refused from now on, zero where only the trials decide it; nullopt if one would be
  /// admitted now.
  std::optional<Duration> refuses() const;
  /// The new state if this call has opened or closed it.
  std::optional<BreakerState> settle(Permit permit, Outcome outcome);

  Snapshot snapshot() const;

 private:
  static constexpr std::size_t slots = 10;

  /// The calls of one tenth of the window.
  struct Slot {
    std::int64_t number = 0;
    int calls = 0;
    int failures = 0;
  };
  struct Sum {
    int calls = 0;
    int failures = 0;
  };

  BreakerState state_at(Instant now) const;
  std::optional<Duration> refuses_at(Instant now) const;
  std::int64_t slot_number(Instant now) const;
  void count(Instant now, bool failed);
  Sum sum(Instant now) const;
  bool is_failing(Instant now) const;
  std::optional<BreakerState> settle_trial(Instant now, Outcome outcome);
  BreakerState open(Instant now);
  void half_open();
  BreakerState close();

  const Options options_;
  const Clock& clock_;
  mutable std::mutex mutex_;  // guards all that follows
  BreakerState state_ = BreakerState::closed;
  std::uint64_t generation_ = 0;
  std::array<Slot, slots> window_{};
  Instant opened_at_{};
  std::uint64_t opened_ = 0;
  int trials_out_ = 0;  ///< Admitted and not given back.
  int trials_passed_ = 0;
};

}  // namespace banyan::resilience
