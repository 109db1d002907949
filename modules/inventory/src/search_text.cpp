#include "search_text.hpp"

#include <algorithm>

namespace shop::inventory {
namespace {

// Which of the characters beyond ASCII are letters, the index knows: its tokenizer sees each word once more.
constexpr bool is_part_of_word(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c & 0x80) != 0;
}

}  // namespace

// Words contain no quotes, so none has to be escaped. Between words the index reads an AND, and leaves out a
// word in which it finds no letter.
std::string match_expression(std::string_view text) {
  std::string expression;
  auto begin = std::find_if(text.begin(), text.end(), is_part_of_word);
  while (begin != text.end()) {
    const auto end = std::find_if_not(begin, text.end(), is_part_of_word);
    if (!expression.empty()) expression += ' ';
    expression.append(1, '"').append(begin, end).append("\"*");
    begin = std::find_if(end, text.end(), is_part_of_word);
  }
  return expression;
}

}  // namespace shop::inventory
