#include "problems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace banyan::contractc {

std::string Problems::to_text() const {
  const std::set<Line> sorted{lines_.begin(), lines_.end()};
  std::string out;
  for (const Line& line : sorted) {
    out += fmt::format("{}:{}:{}: {}\n", line.path, line.line, line.column, line.text);
  }
  return out;
}

}  // namespace banyan::contractc
