#include "reservation_rules.hpp"

#include <algorithm>
#include <numeric>

namespace shop::inventory {

std::vector<StockLine> without(const std::vector<StockLine>& lines, std::vector<StockLine> missing) {
  std::vector<StockLine> left;
  for (StockLine line : lines) {
    for (StockLine& lack : missing) {
      if (lack.product_id != line.product_id) continue;
      const std::int64_t quantity = std::min(line.quantity, lack.quantity);
      line.quantity -= quantity;
      lack.quantity -= quantity;
    }
    if (line.quantity > 0) left.push_back(line);
  }
  return left;
}

std::int64_t units_of(const std::vector<StockLine>& lines) noexcept {
  return std::accumulate(lines.begin(), lines.end(), std::int64_t{0},
                         [](std::int64_t units, const StockLine& line) { return units + line.quantity; });
}

}  // namespace shop::inventory
