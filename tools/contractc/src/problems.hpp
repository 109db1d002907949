#pragma once
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace banyan::contractc {

/// A place in a contract file; lines and columns count from 1. `path` lives as long as its Document.
struct Place {
  std::string_view path;
  int line = 1;
  int column = 1;
};

/// Everything that is wrong with the contracts read so far.
class Problems {
 public:
  /// The text says what is wrong, why, and how to put it right.
  template <class... Arguments>
  void add(const Place& place, fmt::format_string<Arguments...> text, Arguments&&... arguments) {
    lines_.push_back({std::string{place.path}, place.line, place.column,
                      fmt::format(text, std::forward<Arguments>(arguments)...)});
  }

  bool empty() const noexcept { return lines_.empty(); }
  /// One `path:line:column: text` a line, by place, each once.
  std::string to_text() const;

 private:
  struct Line {
    std::string path;
    int line;
    int column;
    std::string text;

    auto operator<=>(const Line&) const = default;
  };
  std::vector<Line> lines_;
};

}  // namespace banyan::contractc
