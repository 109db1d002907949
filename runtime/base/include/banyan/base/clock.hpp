#pragma once
#include <array>
#include <chrono>
#include <string>
#include <string_view>

#include "banyan/base/result.hpp"

namespace banyan {

/// UTC, microseconds. The one type of time in messages, tables and deadlines.
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;
using Duration = std::chrono::microseconds;

/// A deadline that never comes.
inline constexpr Timestamp no_deadline = Timestamp::max();

/// The only source of time. Everything that needs the time is given one; nothing reads the system's clock by
/// itself. Threads: safe.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Never goes back while the process runs.
  virtual Timestamp now() const = 0;
};

/// UTC as it was when the object was made, carried on by the monotonic clock: a step of the system's clock
/// neither expires nor prolongs anything.
class SystemClock final : public Clock {
 public:
  SystemClock();
  Timestamp now() const override;

 private:
  std::chrono::system_clock::time_point wall_;
  std::chrono::steady_clock::time_point steady_;
};

/// RFC 3339 in UTC with microseconds: "2026-01-31T12:00:00.000000Z". A time outside the years 0 to 9999 is
/// written as the nearest one inside.
using TimestampText = std::array<char, 27>;
TimestampText to_text(Timestamp time) noexcept;
std::string to_rfc3339(Timestamp time);

/// Reads RFC 3339 with any offset and up to nine digits of a second (cut to microseconds). Refuses what is
/// not on the calendar, and leap seconds. Errors: invalid_argument "base.bad_time".
Result<Timestamp> parse_rfc3339(std::string_view text);

}  // namespace banyan
