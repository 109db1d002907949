#include "log_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace banyan::telemetry {
namespace {

constexpr std::string_view hex = "0123456789abcdef";
constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD
constexpr std::string_view ellipsis = "\xe2\x80\xa6";     // U+2026

unsigned char byte_at(std::string_view text, std::size_t position) {
  return static_cast<unsigned char>(text[position]);
}

bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\';
}

struct CodePoint {
  char32_t value;
  std::size_t length;  ///< In bytes; 0 if the text does not begin with valid UTF-8.
};

/// The smallest value that may be written in so many bytes.
constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};

std::size_t length_after(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc0 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  if (lead >= 0xf0 && lead < 0xf8) return 4;
  return 0;
}

CodePoint first_code_point(std::string_view text) {
  const unsigned char lead = byte_at(text, 0);
  const std::size_t length = length_after(lead);
  if (length <= 1) return {lead, length};
  if (length > text.size()) return {0, 0};
  char32_t value = lead & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte_at(text, i) & 0xc0U) != 0x80U) return {0, 0};
    value = (value << 6U) | (byte_at(text, i) & 0x3fU);
  }
  const bool is_surrogate = value >= 0xd800 && value < 0xe000;
  if (value < smallest[length] || is_surrogate || value > 0x10ffff) return {0, 0};
  return {value, length};
}

bool is_between(char32_t value, char32_t first, char32_t last) { return value >= first && value <= last; }

/// Characters that can break a line, move the cursor, or show text in another order than it is stored.
bool is_unsafe(char32_t value) {
  return value < 0x20 || is_between(value, 0x7f, 0x9f) || value == 0x061c ||
         is_between(value, 0x200e, 0x200f) || is_between(value, 0x2028, 0x202e) ||
         is_between(value, 0x2066, 0x2069) || value == 0xfeff;
}

void append_escape(std::string& out, char32_t value) {
  out.append("\\u");
  for (int shift = 12; shift >= 0; shift -= 4) out.push_back(hex[(value >> shift) & 0xfU]);
}

/// Appends the first character of `text` and returns its length in bytes.
std::size_t append_character(std::string& out, std::string_view text) {
  const CodePoint character = first_code_point(text);
  if (character.length == 0) {
    out.append(replacement);
    return 1;
  }
  if (character.value == '"' || character.value == '\\') {
    out.append(1, '\\').append(1, text.front());
  } else if (character.value == '\n') {
    out.append("\\n");
  } else if (is_unsafe(character.value)) {
    append_escape(out, character.value);
  } else {
    out.append(text.substr(0, character.length));
  }
  return character.length;
}

}  // namespace

void append_text(std::string& out, std::string_view text, std::size_t bytes_max) {
  const std::size_t end = out.size() + bytes_max;
  out.push_back('"');
  while (!text.empty() && out.size() < end) {
    const auto plain_end = std::find_if_not(text.begin(), text.end(), is_plain);
    const auto plain = std::min(static_cast<std::size_t>(plain_end - text.begin()), end - out.size());
    out.append(text.substr(0, plain));
    text.remove_prefix(plain == 0 ? append_character(out, text) : plain);
  }
  if (!text.empty()) out.append(ellipsis);
  out.push_back('"');
}

void append_id(std::string& out, std::span<const std::uint8_t> bytes) {
  if (std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; })) return;
  for (const std::uint8_t byte : bytes) out.append(1, hex[byte >> 4U]).append(1, hex[byte & 0xfU]);
}

void append_number(std::string& out, double number) {
  if (!std::isfinite(number)) {
    out.append("null");
    return;
  }
  std::array<char, 32> digits;
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  out.append(digits.data(), written.ptr);
}

}  // namespace banyan::telemetry
