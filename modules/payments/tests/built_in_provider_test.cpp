#define BOOST_TEST_MODULE built_in_provider
#include <boost/test/unit_test.hpp>

#include "shop/payments/provider.hpp"
#include "shop/payments/reasons.hpp"

using namespace shop::payments;

namespace {

banyan::Result<std::string> authorise(std::string method, std::int64_t amount_minor = 100) {
  AuthorisePayment request{.amount = {amount_minor, "USD"}, .payment_method = std::move(method)};
  request.order_id.bytes.back() = std::byte{1};
  return built_in_provider()->authorise(request);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(authorising)

BOOST_AUTO_TEST_CASE(cards_that_pay_are_named_by_the_order_always_the_same) {
  BOOST_TEST(authorise("tok_visa").value() == "auth_00000000-0000-0000-0000-000000000001");
  BOOST_TEST(authorise("tok_mastercard").value() == authorise("tok_visa").value());
}

BOOST_AUTO_TEST_CASE(test_cards_are_declined_for_the_reason_that_they_are_there_for) {
  BOOST_TEST(authorise("tok_declined").error().reason() == card_declined.name);
  BOOST_TEST(authorise("tok_insufficient_funds").error().reason() == insufficient_funds.name);
  BOOST_TEST(authorise("tok_limit").error().reason() == limit_exceeded.name);
  for (const char* method : {"tok_amex", "TOK_VISA", "visa", "", "tok_visa "}) {
    BOOST_TEST(authorise(method).error().reason() == unknown_payment_method.name);
    BOOST_TEST(authorise(method).error().detail() == "");  // it goes into logs, events and mail
  }
}

BOOST_AUTO_TEST_CASE(an_amount_may_reach_the_limit_and_no_more) {
  BOOST_TEST(authorise("tok_visa", 0).ok());
  BOOST_TEST(authorise("tok_visa", built_in_limit_minor).ok());
  BOOST_TEST(authorise("tok_visa", built_in_limit_minor + 1).error().reason() == limit_exceeded.name);
  BOOST_TEST(authorise("tok_declined", built_in_limit_minor + 1).error().reason() == card_declined.name);
}

BOOST_AUTO_TEST_SUITE_END()
