#pragma once
#include <chrono>

#include "banyan/base/clock.hpp"

namespace banyan::fuzz {

/// The moment at which every input comes.
inline constexpr Instant now{std::chrono::hours{1}};

}  // namespace banyan::fuzz
