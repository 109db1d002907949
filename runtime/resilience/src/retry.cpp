#include "banyan/resilience/retry.hpp"

#include <algorithm>
#include <cmath>

namespace banyan::resilience {

Duration RetryPolicy::delay(int attempts, Random& random) const {
  // In floating point, doubling often ends at infinity where integers would overflow.
  const double doubled = std::ldexp(static_cast<double>(delay_base.count()), std::max(attempts, 1) - 1);
  const double longest = std::min(doubled, static_cast<double>(delay_max.count()));
  return Duration{std::llround(longest * random.uniform())};
}

}  // namespace banyan::resilience
