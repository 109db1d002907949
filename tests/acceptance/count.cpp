#include "count.hpp"

#include <algorithm>

namespace acceptance {
namespace {

std::int64_t total_cents(const Stream::Order& order) {
  std::int64_t cents = order.freight_cents;
  for (const auto& line : order.lines) cents += line_cents(line);
  return cents;
}

Units units_of(const Stream::Order& order) {
  Units units;
  for (const auto& line : order.lines) units[line.product_id] += line.quantity;
  return units;
}

std::string cancel_code(const Stream::Order& order, bool is_there) {
  if (!is_there) return out_of_stock;
  return order.payment_method == "tok_declined" ? card_declined : "";
}

template <class Value>
std::int64_t sum_of_confirmed(const std::vector<Outcome>& outcomes, Value value) {
  std::int64_t sum = 0;
  for (const Outcome& outcome : outcomes) sum += outcome.is_confirmed() ? value(outcome) : 0;
  return sum;
}

}  // namespace

std::int64_t line_cents(const Stream::Line& line) {
  const std::int64_t hundredths = line.unit_price_cents * line.quantity * (100 - line.discount_percent);
  const std::int64_t cents = hundredths / 100;
  const std::int64_t rest = hundredths % 100;
  const bool is_rounded_up = rest > 50 || (rest == 50 && cents % 2 == 1);
  return is_rounded_up ? cents + 1 : cents;
}

std::int64_t Count::confirmed() const {
  return sum_of_confirmed(outcomes, [](const Outcome&) { return 1; });
}

std::int64_t Count::cents() const {
  return sum_of_confirmed(outcomes, [](const Outcome& outcome) { return outcome.total_cents; });
}

std::int64_t Count::units() const {
  return sum_of_confirmed(outcomes, [](const Outcome& outcome) { return outcome.units; });
}

Count count(const Stream& stream, const Units& restocked) {
  Count count;
  for (const auto& product : stream.products) count.stock[product.id].available = product.units_in_stock;
  for (const auto& [product, units] : restocked) count.stock[product].available += units;
  for (const auto& order : stream.orders) {
    const Units wanted = units_of(order);
    const bool is_there = std::all_of(wanted.begin(), wanted.end(), [&](const auto& item) {
      return count.stock[item.first].available >= item.second;
    });
    Outcome outcome{.cancel_code = cancel_code(order, is_there), .total_cents = total_cents(order)};
    for (const auto& [product, units] : wanted) {
      outcome.units += units;
      if (!outcome.is_confirmed()) continue;
      count.stock[product].available -= units;
      count.stock[product].sold += units;
    }
    count.outcomes.push_back(outcome);
  }
  return count;
}

}  // namespace acceptance
