#pragma once
#include <array>
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

/// Makes UUIDv7 (RFC 9562 §5.7): milliseconds, then 12 bits of the microseconds within them (method 3), then
/// chance. Threads: safe if clock and random are.
class IdSource {
 public:
  IdSource(const Clock& clock, Random& random) : clock_(clock), random_(random) {}
  Uuid next();

 private:
  const Clock& clock_;
  Random& random_;
};

}  // namespace banyan

template <>
struct std::hash<banyan::Uuid> {
  std::size_t operator()(const banyan::Uuid& id) const noexcept;
};
