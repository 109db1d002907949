#pragma once
#include <array>
#include <chrono>
#include <string>
#include <string_view>

#include "banyan/base/result.hpp"

namespace banyan {

using Duration = std::chrono::microseconds;

/// A time of day, UTC: all that is written, shown or sent as one. Nothing waits by it, because the system's
/// clock may be set, in either direction.
using Timestamp = std::chrono::sys_time<Duration>;

/// Names the clock of Instant.
struct Monotonic {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<Monotonic>;
  static constexpr bool is_steady = true;
};

/// A moment within one process: all that waits, expires or is measured. It has no date, and means nothing to
/// another process: what crosses carries a Duration. No expression mixes it with a Timestamp.
using Instant = Monotonic::time_point;

/// A deadline that never comes.
inline constexpr Instant no_deadline = Instant::max();

/// The only source of time. Everything that needs the time is given one; nothing reads the system's clocks by
/// itself. Threads: safe.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Never goes back, and goes on whatever becomes of utc(). Later than Instant{}.
  virtual Instant now() const = 0;
  /// The time of day, as the system's clock has it at this moment.
  virtual Timestamp utc() const = 0;
};

/// The system's clocks.
class SystemClock final : public Clock {
 public:
  Instant now() const override;
  Timestamp utc() const override;
};

/// RFC 3339 in UTC with microseconds: "2026-01-31T12:00:00.000000Z". A time outside the years 0 to 9999 is
/// written as the nearest one inside.
using TimestampText = std::array<char, 27>;
TimestampText to_text(Timestamp time) noexcept;
std::string to_rfc3339(Timestamp time);

/// Reads RFC 3339 with any offset and up to nine digits of a second (cut to microseconds). Refuses what is
/// not on the calendar, leap seconds, and what to_rfc3339() could not write: a year in UTC before 0 or after
/// 9999. Errors: invalid_argument "base.bad_time".
Result<Timestamp> parse_rfc3339(std::string_view text);

}  // namespace banyan
