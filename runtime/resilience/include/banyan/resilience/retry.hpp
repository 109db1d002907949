#pragma once
#include <chrono>

#include "banyan/base/clock.hpp"
#include "banyan/base/random.hpp"

namespace banyan::resilience {

/// How often a failed attempt is repeated and how long to wait in between: exponential backoff with full
/// jitter, so that callers that failed together do not come back together.
///
/// Needs attempts_max >= 1 and no negative delay; a delay_base above delay_max counts as delay_max. Threads:
/// immutable, safe.
struct RetryPolicy {
  int attempts_max = 5;  ///< All attempts, the first one too.
  Duration delay_base = std::chrono::seconds{1};
  Duration delay_max = std::chrono::seconds{8};

  /// True if another attempt may follow `attempts` failed ones.
  bool allows_another(int attempts) const noexcept { return attempts < attempts_max; }

  /// How long to wait after `attempts` failed ones (from 1): a uniform choice between nothing and
  /// delay_base · 2^(attempts - 1), at most delay_max.
  Duration delay(int attempts, Random& random) const;
};

}  // namespace banyan::resilience
