#pragma once
#include <charconv>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <system_error>

namespace banyan {

/// The largest number of a row, or of anything else that is counted: what SQLite's and JSON's integers hold
/// here.
inline constexpr std::uint64_t count_max = std::numeric_limits<std::int64_t>::max();

/// The number that `text` is as a whole, in decimal digits: nothing before, between or behind them but the
/// minus of a signed one. Nothing for all else, and for what T can't hold.
template <std::integral T>
std::optional<T> parse_number(std::string_view text) noexcept {
  T number{};
  const char* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, number);
  return failure == std::errc{} && stop == end ? std::optional{number} : std::nullopt;
}

/// The same for a count, 0 to count_max: the number of a row that came from outside is read by this, so that
/// it can be stored, and be written as JSON.
inline std::optional<std::uint64_t> parse_count(std::string_view text) noexcept {
  const auto number = parse_number<std::uint64_t>(text);
  return number && *number <= count_max ? number : std::nullopt;
}

}  // namespace banyan
