#include "banyan/base/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace banyan {
namespace {

/// A first byte, the range of the second one, and how many bytes come after the first (Unicode, table 3-7).
struct Form {
  std::uint8_t first_min;
  std::uint8_t first_max;
  std::uint8_t second_min;
  std::uint8_t second_max;
  std::size_t more;
};

constexpr Form forms[] = {
    {0xC2, 0xDF, 0x80, 0xBF, 1}, {0xE0, 0xE0, 0xA0, 0xBF, 2}, {0xE1, 0xEC, 0x80, 0xBF, 2},
    {0xED, 0xED, 0x80, 0x9F, 2}, {0xEE, 0xEF, 0x80, 0xBF, 2}, {0xF0, 0xF0, 0x90, 0xBF, 3},
    {0xF1, 0xF3, 0x80, 0xBF, 3}, {0xF4, 0xF4, 0x80, 0x8F, 3},
};

std::uint8_t byte(std::string_view text, std::size_t index) { return static_cast<std::uint8_t>(text[index]); }

/// Length of the character that `text` begins with; 0 if it is none.
std::size_t character_length(std::string_view text) {
  if (byte(text, 0) < 0x80) return 1;
  for (const Form& form : forms) {
    if (byte(text, 0) < form.first_min || byte(text, 0) > form.first_max) continue;
    if (text.size() <= form.more) return 0;
    if (byte(text, 1) < form.second_min || byte(text, 1) > form.second_max) return 0;
    for (std::size_t i = 2; i <= form.more; ++i) {
      if ((byte(text, i) & 0xC0) != 0x80) return 0;
    }
    return form.more + 1;
  }
  return 0;
}

/// How many bytes of ASCII `text` begins with, in whole words: most text is nothing else.
std::size_t ascii_length(std::string_view text) {
  std::size_t length = 0;
  for (std::uint64_t word = 0; text.size() - length >= sizeof word; length += sizeof word) {
    std::memcpy(&word, text.data() + length, sizeof word);
    if ((word & 0x8080'8080'8080'8080) != 0) break;
  }
  return length;
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    text.remove_prefix(ascii_length(text));
    if (text.empty()) break;
    const std::size_t length = character_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string to_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    out += length == 0 ? std::string_view{"\xEF\xBF\xBD"} : text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

}  // namespace banyan
