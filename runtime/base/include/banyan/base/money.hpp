#pragma once
#include <cstdint>
#include <string>

#include "banyan/base/result.hpp"

namespace banyan {

/// An amount in the currency's minor unit (cents), never a fraction of it.
struct Money {
  std::int64_t amount_minor = 0;
  std::string currency;  ///< ISO 4217, three capital letters.

  friend bool operator==(const Money&, const Money&) = default;
};

/// `a + b`. Errors: invalid_argument "base.currency_mismatch", "base.money_overflow".
Result<Money> add(const Money& a, const Money& b);

/// `unit * quantity` less `discount_percent` of it, rounded half to even to the minor unit.
/// Errors: invalid_argument "base.money_overflow"; "base.bad_discount" outside 0..100.
Result<Money> line_total(const Money& unit, std::int64_t quantity, int discount_percent);

}  // namespace banyan
