#define BOOST_TEST_MODULE orders_pricing
#include "pricing.hpp"

#include <boost/test/unit_test.hpp>

#include "shop/orders/reasons.hpp"

using namespace shop::orders;
using banyan::Money;

namespace {

CheckoutLine line(std::int64_t quantity, std::int64_t discount_percent, Money price) {
  return {.quantity = quantity, .discount_percent = discount_percent, .unit_price = std::move(price)};
}

std::int64_t price(std::int64_t unit, std::int64_t quantity, std::int64_t discount_percent) {
  return price_of(line(quantity, discount_percent, {unit, "USD"})).value().amount_minor;
}

void check_refused(const banyan::Error& error, const banyan::Reason& reason) {
  BOOST_TEST(error.reason() == reason.name);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(a_line)

BOOST_AUTO_TEST_CASE(costs_its_units_less_the_discount) {
  BOOST_TEST(price(1800, 12, 0) == 21600);
  BOOST_TEST(price(1800, 12, 15) == 18360);
  BOOST_TEST(price(1800, 12, 100) == 0);
}

BOOST_AUTO_TEST_CASE(is_rounded_half_to_even_as_a_whole) {
  BOOST_TEST(price(1, 1, 50) == 0);    // 0.5
  BOOST_TEST(price(3, 1, 50) == 2);    // 1.5
  BOOST_TEST(price(1, 3, 50) == 2);    // 1.5, not three times 0.5
  BOOST_TEST(price(5, 1, 50) == 2);    // 2.5
  BOOST_TEST(price(50, 1, 5) == 48);   // 47.5
  BOOST_TEST(price(33, 1, 33) == 22);  // 22.11
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(an_order)

BOOST_AUTO_TEST_CASE(costs_the_sum_of_its_rounded_lines_and_the_freight) {
  const std::vector<CheckoutLine> lines{line(1, 50, {3, "USD"}), line(1, 50, {5, "USD"})};
  BOOST_TEST(total_of(lines, std::nullopt).value().amount_minor == 4);
  BOOST_TEST(total_of(lines, Money{10, "USD"}).value().amount_minor == 14);
}

BOOST_AUTO_TEST_CASE(costs_at_most_what_one_payment_may_take) {
  BOOST_TEST(total_of({line(1, 0, {order_total_max, "USD"})}, std::nullopt).ok());
  check_refused(total_of({line(1, 0, {order_total_max, "USD"})}, Money{1, "USD"}).error(), total_too_large);
  check_refused(total_of({line(10'000, 0, {1'000'000'000'000, "USD"})}, std::nullopt).error(),
                total_too_large);
  check_refused(total_of({line(1, 100, {1, "USD"})}, Money{order_total_max + 1, "USD"}).error(),
                total_too_large);
}

BOOST_AUTO_TEST_CASE(has_one_currency) {
  const std::vector<CheckoutLine> mixed{line(1, 0, {1, "USD"}), line(1, 0, {1, "EUR"})};
  check_refused(total_of(mixed, std::nullopt).error(), mixed_currencies);
  check_refused(check_currencies(mixed, std::nullopt).error(), mixed_currencies);
  check_refused(check_currencies({line(1, 0, {1, "USD"})}, Money{1, "EUR"}).error(), mixed_currencies);
}

BOOST_AUTO_TEST_CASE(may_leave_prices_to_the_catalogue) {
  const std::vector<CheckoutLine> lines{{.quantity = 1}, line(1, 0, {1, "USD"})};
  BOOST_TEST(check_currencies(lines, std::nullopt).ok());
  BOOST_TEST(check_currencies({{.quantity = 1}}, std::nullopt).ok());
}

BOOST_AUTO_TEST_SUITE_END()
