#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace banyan::telemetry {

/// Appends `text` as a JSON string that is safe to show anywhere: besides what JSON demands, escaped are DEL,
/// C1 controls (with ESC: terminal sequences), line and paragraph separators, bidirectional controls and the
/// byte order mark; what is not UTF-8 becomes U+FFFD. After about `bytes_max` bytes it ends with "…".
void append_text(std::string& out, std::string_view text, std::size_t bytes_max);

/// Lower case, two digits a byte; nothing for bytes that are all zero.
void append_id(std::string& out, std::span<const std::uint8_t> bytes);

/// The shortest text that reads back to the same number; null if it is not finite.
void append_number(std::string& out, double number);

}  // namespace banyan::telemetry
