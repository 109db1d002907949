#include "nesting.hpp"

#include <algorithm>

namespace banyan::config {
namespace {

constexpr std::string_view long_basic = R"(""")";
constexpr std::string_view long_literal = "'''";

/// How many bytes the string that `text` begins with has. One that is not closed ends with its line, or, if
/// it may have several, with the text.
std::size_t string_size(std::string_view text) {
  const char quote = text.front();
  const bool is_long = text.starts_with(long_basic) || text.starts_with(long_literal);
  const std::string_view end = text.substr(0, is_long ? 3 : 1);
  std::size_t at = end.size();
  for (; at < text.size() && !text.substr(at).starts_with(end); ++at) {
    if (!is_long && text[at] == '\n') return at;
    if (quote == '"' && text[at] == '\\') ++at;
  }
  at = std::min(at + end.size(), text.size());
  // Up to two quotes before the end of a long string are part of it.
  for (int more = 0; is_long && more < 2 && at < text.size() && text[at] == quote; ++more) ++at;
  return at;
}

std::size_t comment_size(std::string_view text) { return std::min(text.find('\n'), text.size()); }

/// How deep a place is, as far as the characters before it say.
class Depth {
 public:
  /// False if it is too deep with this one, which is in no string and no comment.
  bool take(char c) {
    if (c == '.') return ++dots_ < nesting_max;
    if (c == '[' || c == '{') ++open_;
    if ((c == ']' || c == '}') && open_ > 0) --open_;
    if (std::string_view{"[]{}=,\n"}.find(c) != std::string_view::npos) dots_ = 0;
    return open_ <= nesting_max;
  }

 private:
  std::size_t dots_ = 0;
  std::size_t open_ = 0;
};

TextPlace place_of(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const std::size_t line_begin = before.rfind('\n') + 1;
  return {.line = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n') + 1),
          .column = static_cast<std::uint32_t>(at - line_begin + 1)};
}

}  // namespace

std::optional<TextPlace> find_too_deep(std::string_view text) {
  Depth depth;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '#') {
      at += comment_size(text.substr(at));
    } else if (c == '"' || c == '\'') {
      at += string_size(text.substr(at));
    } else if (!depth.take(c)) {
      return place_of(text, at);
    } else {
      ++at;
    }
  }
  return std::nullopt;
}

}  // namespace banyan::config
