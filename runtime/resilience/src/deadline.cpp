#include "banyan/resilience/deadline.hpp"

#include <algorithm>

namespace banyan::resilience {

bool is_expired(Timestamp deadline, Timestamp now) noexcept { return now >= deadline; }

Duration remaining(Timestamp deadline, Timestamp now) noexcept {
  if (deadline == no_deadline) return Duration::max();
  return std::max(deadline - now, Duration::zero());
}

Timestamp child_deadline(Timestamp parent, Timestamp now, Duration timeout) noexcept {
  const Duration wait = std::max(timeout, Duration::zero());
  const Timestamp own = wait < no_deadline - now ? now + wait : no_deadline;
  return std::min(parent, own);
}

}  // namespace banyan::resilience
