#include "banyan/base/money.hpp"

#include <limits>

namespace banyan {
namespace {

__extension__ using Wide = __int128;

Error overflow() {
  return Error{Errc::invalid_argument, "base.money_overflow", "the amount does not fit into 64 bits"};
}

Wide divide_half_to_even(Wide dividend, Wide divisor) {
  Wide quotient = dividend / divisor;
  const Wide remainder = dividend % divisor;
  const Wide twice = 2 * (remainder < 0 ? -remainder : remainder);
  if (twice > divisor || (twice == divisor && quotient % 2 != 0)) quotient += dividend < 0 ? -1 : 1;
  return quotient;
}

}  // namespace

Result<Money> add(const Money& a, const Money& b) {
  if (a.currency != b.currency) {
    return Error{Errc::invalid_argument, "base.currency_mismatch", a.currency + " and " + b.currency};
  }
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a.amount_minor, b.amount_minor, &sum)) return overflow();
  return Money{sum, a.currency};
}

Result<Money> line_total(const Money& unit, std::int64_t quantity, int discount_percent) {
  if (discount_percent < 0 || discount_percent > 100) {
    return Error{Errc::invalid_argument, "base.bad_discount", "a discount is a percentage from 0 to 100"};
  }
  const Wide full = Wide{unit.amount_minor} * quantity;
  Wide hundredfold = 0;
  if (__builtin_mul_overflow(full, Wide{100 - discount_percent}, &hundredfold)) return overflow();
  const Wide total = divide_half_to_even(hundredfold, 100);
  if (total > std::numeric_limits<std::int64_t>::max() || total < std::numeric_limits<std::int64_t>::min()) {
    return overflow();
  }
  return Money{static_cast<std::int64_t>(total), unit.currency};
}

}  // namespace banyan
