#include "http_shape.hpp"

#include <algorithm>

namespace banyan::contractc {

std::string shape_of_path(std::string_view path) {
  std::string out;
  bool is_inside = false;
  for (const char c : path) {
    if (c == '}') is_inside = false;
    if (!is_inside) out += c;
    if (c == '{') is_inside = true;
  }
  return out;
}

std::vector<std::string> names_in_template(std::string_view text) {
  std::vector<std::string> names;
  while (true) {
    const std::size_t open = text.find('{');
    if (open == std::string_view::npos) return names;
    const std::size_t close = std::min(text.find('}', open), text.size());
    names.emplace_back(text.substr(open + 1, close - open - 1));
    text.remove_prefix(std::min(close + 1, text.size()));
  }
}

}  // namespace banyan::contractc
