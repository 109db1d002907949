#pragma once
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "banyan/base/clock.hpp"
#include "banyan/base/random.hpp"
#include "banyan/message/endpoint.hpp"
#include "banyan/resilience/breaker.hpp"
#include "banyan/resilience/bulkhead.hpp"
#include "banyan/resilience/retry.hpp"
#include "banyan/resilience/retry_budget.hpp"
#include "banyan/telemetry/log.hpp"
#include "banyan/telemetry/metrics.hpp"

namespace banyan::resilience {

/// How calls to one dependency are kept from doing harm.
struct GuardOptions {
  Duration timeout = std::chrono::seconds{5};  ///< Of one attempt, waiting for a place included.
  RetryPolicy retry{.attempts_max = 3};
  RetryBudget::Options retry_budget;
  Breaker::Options breaker;
  BulkheadOptions bulkhead;
};

/// Runs `work` once, after `delay`, on any thread, never within the call itself.
using CallAfter = std::function<void(Duration delay, std::function<void()> work)>;

/// The services that a guard uses. All must live until the last call is answered.
struct GuardSurroundings {
  const Clock& clock;
  Random& random;
  CallAfter call_after;
  telemetry::Registry& metrics;
  telemetry::Log log;
  /// Whether calls can get to the dependency. What fails while they can't says nothing of it. Any thread.
  std::function<bool()> is_reachable = [] { return true; };
};

/// How a dependency is doing, for health pages.
struct GuardStatus {
  std::string dependency;
  BreakerState breaker = BreakerState::closed;
  Duration refused_for{};   ///< How long calls are still refused; zero unless open.
  int calls = 0;            ///< That ended within the breaker's window.
  int failures = 0;         ///< Those of them that failed.
  std::size_t running = 0;  ///< Calls under way.
  std::size_t waiting = 0;  ///< Calls that wait for a place.

  bool is_well() const noexcept { return breaker == BreakerState::closed; }
};

/// An endpoint with breaker, bulkhead, timeout and retries around it: one for each dependency.
///
/// - An attempt fails if its code is ambiguous (is_ambiguous: unavailable, deadline_exceeded). Any other
///   answer, also a refusal, shows that the dependency works. The breaker does not count what fails while
///   GuardSurroundings::is_reachable is false.
/// - A failed attempt is repeated if a repeat does no harm (a query, or a call with an idempotency key), the
///   policy allows another one, its delay (full jitter) ends before the caller's deadline, and the retry
///   budget has one left.
/// - An attempt carries a deadline at most `timeout` away, which the endpoint behind keeps.
/// - The outcome of an attempt is not forgotten: where a later attempt was not made or found the first one
///   under way, the answer is the error that leaves the outcome open.
///
/// Errors of its own, which all say that this attempt was not made:
///  - unavailable "resilience.open": the breaker is open. At once; GuardStatus::refused_for tells how long.
///  - resource_exhausted "resilience.full": neither place nor room to wait.
///  - deadline_exceeded "message.expired": the deadline passed while the call waited for a place.
///
/// Threads: safe. Lifetime: `inner` must live until the last call is answered; the guard itself may go
/// before.
class Guarded final : public message::Endpoint {
 public:
  Guarded(std::string dependency, message::Endpoint& inner, const GuardOptions& options,
          GuardSurroundings surroundings);
  ~Guarded() override;

  void submit(message::Request request) override;
  GuardStatus describe() const;

 private:
  class State;
  std::shared_ptr<State> state_;  ///< Shared with the calls under way.
  std::vector<telemetry::Registry::Registration> readings_;
};

}  // namespace banyan::resilience
