#include "banyan/base/wall_clock.hpp"

namespace banyan {

Timestamp WallClock::now() const { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

}  // namespace banyan
