#include "banyan/resilience/deadline.hpp"

#include <algorithm>

namespace banyan::resilience {

bool is_expired(Instant deadline, Instant now) noexcept { return now >= deadline; }

Duration remaining(Instant deadline, Instant now) noexcept {
  if (deadline == no_deadline) return Duration::max();
  return std::max(deadline - now, Duration::zero());
}

Instant child_deadline(Instant parent, Instant now, Duration timeout) noexcept {
  const Duration wait = std::max(timeout, Duration::zero());
  const Instant own = wait < no_deadline - now ? now + wait : no_deadline;
  return std::min(parent, own);
}

}  // namespace banyan::resilience
