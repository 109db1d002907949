#pragma once
#include "banyan/base/clock.hpp"

namespace banyan {

/// UTC as the system's clock shows it, also after somebody has set that: unlike any other clock it may go
/// back. For what is held against the clocks of others, such as the life of a token; nothing waits by it.
class WallClock final : public Clock {
 public:
  Timestamp now() const override;
};

}  // namespace banyan
