#pragma once
#include "banyan/base/clock.hpp"

namespace banyan::resilience {

/// True from the deadline on: work that is not started yet is not started any more.
bool is_expired(Instant deadline, Instant now) noexcept;

/// The time left until the deadline, never negative; Duration::max() for no_deadline.
Duration remaining(Instant deadline, Instant now) noexcept;

/// The deadline of work that is part of other work: `timeout` from now, but never later than `parent`.
/// A negative timeout is none at all: the work is expired at once. A sum beyond what a Instant can hold is
/// cut to no_deadline.
Instant child_deadline(Instant parent, Instant now, Duration timeout) noexcept;

}  // namespace banyan::resilience
