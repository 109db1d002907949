#pragma once
#include <vector>

#include "banyan/base/clock.hpp"
#include "shop/inventory/messages.hpp"

namespace shop::inventory {

/// How long units are held for an order that is not confirmed.
inline constexpr banyan::Duration hold_time = std::chrono::minutes{15};

/// `lines` less the units that are `missing`, without the lines of which nothing is left.
std::vector<StockLine> without(const std::vector<StockLine>& lines, std::vector<StockLine> missing);

/// The units of all lines.
std::int64_t units_of(const std::vector<StockLine>& lines) noexcept;

}  // namespace shop::inventory
