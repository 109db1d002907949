#pragma once
#include <array>
#include <atomic>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "banyan/base/clock.hpp"
#include "banyan/base/random.hpp"
#include "banyan/base/result.hpp"

namespace banyan {

/// 128-bit identifier; ordered as its bytes are, so UUIDv7 values sort by the time they were made.
struct Uuid {
  std::array<std::byte, 16> bytes{};

  bool is_nil() const noexcept { return *this == Uuid{}; }
  friend auto operator<=>(const Uuid&, const Uuid&) = default;
};

/// Lower case with hyphens.
using UuidText = std::array<char, 36>;
UuidText to_text(const Uuid& id) noexcept;
std::string to_string(const Uuid& id);

/// Reads the 36-character form in either case.
/// Errors: invalid_argument "base.bad_uuid".
Result<Uuid> parse_uuid(std::string_view text);

/// Makes UUIDv7 (RFC 9562 §5.7): milliseconds, then 12 bits of the microseconds within them (method 3 of
/// §6.2), then chance. Each is larger than the one before: while the clock is behind, or in the same
/// microsecond, the first 60 bits go on by one. Threads: safe if clock and random are.
class IdSource {
 public:
  IdSource(const Clock& clock, Random& random) : clock_(clock), random_(random) {}
  Uuid next();

  /// The time, in units of 1/4096 ms since 1970, that no id made so far lies behind.
  std::int64_t high_water() const noexcept { return last_.load(std::memory_order_relaxed); }
  /// Every id from now on is larger than all whose time is at most `high_water`. Bits above the 60 that an id
  /// has are ignored.
  void raise(std::int64_t high_water) noexcept;

 private:
  std::int64_t tick();

  const Clock& clock_;
  Random& random_;
  std::atomic<std::int64_t> last_ = 0;
};

}  // namespace banyan

template <>
struct std::hash<banyan::Uuid> {
  std::size_t operator()(const banyan::Uuid& id) const noexcept;
};
