#define BOOST_TEST_MODULE refund_rules
#include "refund_rules.hpp"

#include <boost/test/unit_test.hpp>

#include "shop/payments/reasons.hpp"

using namespace shop::payments;
using banyan::Money;

namespace {

Payment payment(PaymentState state, std::int64_t amount_minor, std::int64_t refunded_minor = 0) {
  Payment made{
      .version = 2, .state = state, .amount = {amount_minor, "USD"}, .refunded = {refunded_minor, "USD"}};
  if (state == PaymentState::captured || state == PaymentState::refunded) {
    made.captured_at = banyan::Timestamp{};
  }
  return made;
}

std::string_view refusal(const Payment& of, const Money& wanted) {
  static std::string reason;
  reason = amount_to_refund(of, wanted).error().reason();
  return reason;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(amounts)

BOOST_AUTO_TEST_CASE(what_is_wanted_if_it_is_left) {
  const Payment half = payment(PaymentState::captured, 1000, 500);
  BOOST_TEST(amount_to_refund(half, Money{1, "USD"}).value() == 1);
  BOOST_TEST(amount_to_refund(half, Money{500, "USD"}).value() == 500);
  BOOST_TEST(amount_to_refund(half, Money{0, "USD"}).value() == 0);
  BOOST_TEST(refusal(half, {501, "USD"}) == refund_too_large.name);
}

BOOST_AUTO_TEST_CASE(all_that_is_left_if_nothing_is_said) {
  BOOST_TEST(amount_to_refund(payment(PaymentState::captured, 1000, 300), {}).value() == 700);
  BOOST_TEST(amount_to_refund(payment(PaymentState::refunded, 1000, 1000), {}).value() == 0);
  BOOST_TEST(amount_to_refund(payment(PaymentState::authorised, 1000), {}).value() == 0);
  BOOST_TEST(amount_to_refund(payment(PaymentState::voided, 1000), {}).value() == 0);
}

BOOST_AUTO_TEST_CASE(nothing_can_be_wanted_of_what_was_not_captured) {
  BOOST_TEST(refusal(payment(PaymentState::authorised, 1000), {1, "USD"}) == not_refundable.name);
  BOOST_TEST(refusal(payment(PaymentState::voided, 1000), {1, "USD"}) == not_refundable.name);
  BOOST_TEST(refusal(payment(PaymentState::refunded, 1000, 1000), {1, "USD"}) == refund_too_large.name);
}

BOOST_AUTO_TEST_CASE(another_currency_is_refused) {
  BOOST_TEST(refusal(payment(PaymentState::captured, 1000), {1, "EUR"}) == currency_mismatch.name);
}

BOOST_AUTO_TEST_CASE(a_payment_has_only_so_many_refunds) {
  Payment often = payment(PaymentState::captured, 1000, 100);
  often.refunds.resize(refunds_max - 1);
  BOOST_TEST(amount_to_refund(often, Money{1, "USD"}).ok());
  often.refunds.resize(refunds_max);
  BOOST_TEST(refusal(often, {1, "USD"}) == not_refundable.name);
  BOOST_TEST(amount_to_refund(often, Money{0, "USD"}).ok());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(afterwards)

BOOST_AUTO_TEST_CASE(a_payment_is_refunded_when_nothing_is_left) {
  const Payment part = after_refund(payment(PaymentState::captured, 1000), 400);
  BOOST_TEST(part.refunded.amount_minor == 400);
  BOOST_CHECK(part.state == PaymentState::captured);
  BOOST_TEST(part.version == 3);
  BOOST_CHECK(after_refund(part, 600).state == PaymentState::refunded);
}

BOOST_AUTO_TEST_CASE(a_payment_of_nothing_is_refunded_by_nothing) {
  BOOST_CHECK(after_refund(payment(PaymentState::captured, 0), 0).state == PaymentState::refunded);
}

BOOST_AUTO_TEST_CASE(a_payment_that_was_not_captured_stays_what_it_is) {
  BOOST_CHECK(after_refund(payment(PaymentState::authorised, 1000), 0).state == PaymentState::authorised);
  BOOST_CHECK(after_refund(payment(PaymentState::voided, 1000), 0).state == PaymentState::voided);
}

BOOST_AUTO_TEST_SUITE_END()
