#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace banyan::config {

/// More parts of a dotted name, or lists and tables within each other, than any setting needs.
inline constexpr std::size_t nesting_max = 16;

/// Counted from 1, the column in bytes.
struct TextPlace {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

/// Where TOML text is nested deeper than nesting_max for the first time. To be asked before toml++, which
/// makes a table within a table for each part of a name, and uses the stack for each of them. Of text that
/// is not TOML only what comes before its first error counts.
std::optional<TextPlace> find_too_deep(std::string_view text);

}  // namespace banyan::config
