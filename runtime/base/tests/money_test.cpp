#define BOOST_TEST_MODULE base_money
#include "banyan/base/money.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>

using namespace banyan;

namespace {

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t smallest = std::numeric_limits<std::int64_t>::min();

Money euro(std::int64_t cents) { return {cents, "EUR"}; }

std::int64_t total(std::int64_t cents, std::int64_t quantity, int discount_percent) {
  return line_total(euro(cents), quantity, discount_percent).value().amount_minor;
}

bool overflows(const Result<Money>& outcome) {
  return !outcome && outcome.error() == Error{Errc::invalid_argument, "base.money_overflow"};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(addition)

BOOST_AUTO_TEST_CASE(adds_amounts_of_one_currency) {
  BOOST_TEST((add(euro(250), euro(-50)).value() == euro(200)));
}

BOOST_AUTO_TEST_CASE(refuses_two_currencies) {
  const auto sum = add(euro(1), {1, "USD"});

  BOOST_REQUIRE(!sum.ok());
  BOOST_TEST((sum.error() == Error{Errc::invalid_argument, "base.currency_mismatch"}));
}

BOOST_AUTO_TEST_CASE(refuses_what_does_not_fit) {
  BOOST_TEST(overflows(add(euro(largest), euro(1))));
  BOOST_TEST(overflows(add(euro(smallest), euro(-1))));
  BOOST_TEST((add(euro(largest), euro(0)).value() == euro(largest)));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(line)

BOOST_AUTO_TEST_CASE(is_price_times_quantity_less_the_discount) {
  BOOST_TEST(total(1400, 12, 0) == 16'800);
  BOOST_TEST(total(1400, 12, 25) == 12'600);
  BOOST_TEST(total(1400, 12, 100) == 0);
  BOOST_TEST(total(1400, 0, 5) == 0);
  BOOST_TEST(line_total(euro(1400), 1, 0).value().currency == "EUR");
}

BOOST_AUTO_TEST_CASE(rounds_half_to_even) {
  BOOST_TEST(total(1, 1, 50) == 0);   // 0.5
  BOOST_TEST(total(3, 1, 50) == 2);   // 1.5
  BOOST_TEST(total(5, 1, 50) == 2);   // 2.5
  BOOST_TEST(total(7, 1, 50) == 4);   // 3.5
  BOOST_TEST(total(10, 1, 5) == 10);  // 9.5
  BOOST_TEST(total(30, 1, 5) == 28);  // 28.5
  BOOST_TEST(total(50, 1, 5) == 48);  // 47.5
}

BOOST_AUTO_TEST_CASE(rounds_to_the_nearest_otherwise) {
  BOOST_TEST(total(1, 1, 49) == 1);       // 0.51
  BOOST_TEST(total(1, 1, 51) == 0);       // 0.49
  BOOST_TEST(total(999, 3, 15) == 2547);  // 2547.45
  BOOST_TEST(total(333, 1, 1) == 330);    // 329.67
}

BOOST_AUTO_TEST_CASE(rounds_negative_amounts_as_it_does_positive_ones) {
  BOOST_TEST(total(-1, 1, 50) == 0);
  BOOST_TEST(total(-3, 1, 50) == -2);
  BOOST_TEST(total(-5, 1, 50) == -2);
  BOOST_TEST(total(-1, 1, 49) == -1);
}

BOOST_AUTO_TEST_CASE(rounds_the_whole_line_once) {
  BOOST_TEST(total(1, 3, 50) == 2);  // 1.5, not three times 0.5
}

BOOST_AUTO_TEST_CASE(refuses_a_discount_that_is_no_percentage) {
  for (const int discount : {-1, 101, 1000}) {
    const auto outcome = line_total(euro(100), 1, discount);
    BOOST_REQUIRE(!outcome.ok());
    BOOST_TEST((outcome.error() == Error{Errc::invalid_argument, "base.bad_discount"}));
  }
}

BOOST_AUTO_TEST_CASE(refuses_what_does_not_fit) {
  BOOST_TEST(overflows(line_total(euro(largest), 2, 0)));
  BOOST_TEST(overflows(line_total(euro(largest), largest, 0)));
  BOOST_TEST(overflows(line_total(euro(smallest), largest, 1)));
  BOOST_TEST(overflows(line_total(euro(smallest), -1, 0)));
}

BOOST_AUTO_TEST_CASE(fits_when_only_the_undiscounted_amount_does_not) {
  BOOST_TEST(total(largest, 2, 50) == largest);
  BOOST_TEST(total(largest, 1, 0) == largest);
  BOOST_TEST(total(smallest, 1, 0) == smallest);
  BOOST_TEST(total(largest, 1'000'000, 100) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
