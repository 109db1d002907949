#include "pricing.hpp"

#include "shop/orders/reasons.hpp"

namespace shop::orders {

using banyan::Money;
using banyan::Result;

Result<Money> price_of(const CheckoutLine& line) {
  auto price =
      banyan::line_total(line.unit_price.value(), line.quantity, static_cast<int>(line.discount_percent));
  if (!price.ok()) return reject(total_too_large, price.error().detail());
  return price;
}

Result<Money> total_of(const std::vector<CheckoutLine>& lines, const std::optional<Money>& freight) {
  if (const auto status = check_currencies(lines, freight); !status.ok()) return status.error();
  Money total = freight.value_or(Money{0, lines.front().unit_price.value().currency});
  for (const CheckoutLine& line : lines) {
    const auto price = price_of(line);
    if (!price.ok()) return price.error();
    auto sum = banyan::add(total, price.value());
    if (!sum.ok() || sum.value().amount_minor > order_total_max) {
      return reject(total_too_large, "an order may cost at most " + std::to_string(order_total_max));
    }
    total = std::move(sum).value();
  }
  return total;
}

banyan::Status check_currencies(const std::vector<CheckoutLine>& lines, const std::optional<Money>& freight) {
  const std::string* first = freight ? &freight->currency : nullptr;
  for (const CheckoutLine& line : lines) {
    if (!line.unit_price) continue;
    if (first == nullptr) first = &line.unit_price->currency;
    if (line.unit_price->currency != *first) {
      return reject(mixed_currencies, *first + " and " + line.unit_price->currency);
    }
  }
  return banyan::success();
}

}  // namespace shop::orders
