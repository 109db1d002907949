#include "banyan/resilience/retry.hpp"

#include <algorithm>
#include <cmath>

#include "banyan/base/assert.hpp"

namespace banyan::resilience {

Duration RetryPolicy::delay(int attempts, Random& random) const {
  BANYAN_ASSERT(attempts >= 1);
  BANYAN_ASSERT(Duration::zero() <= delay_base && delay_base <= delay_max);
  // In floating point, doubling often ends at infinity where integers would overflow.
  const double doubled = std::ldexp(static_cast<double>(delay_base.count()), attempts - 1);
  const double longest = std::min(doubled, static_cast<double>(delay_max.count()));
  return Duration{std::llround(longest * random.uniform())};
}

}  // namespace banyan::resilience
