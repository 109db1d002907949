#define BOOST_TEST_MODULE letters
#include "letters.hpp"

#include <boost/test/unit_test.hpp>

using namespace shop;
using namespace shop::notifications;
using banyan::Money;
using banyan::Uuid;

namespace {

const Uuid order = banyan::parse_uuid("01939c5a-7b1e-7c3d-9a50-3f2b8e6d1c49").value();
const Uuid customer = banyan::parse_uuid("01939c5a-7b1e-7c3d-9a50-3f2b8e6d1c47").value();

shipping::ShipmentStateChanged shipment_in(shipping::ShipmentState state) {
  return {.shipment_id = {},
          .order_id = order,
          .customer_id = customer,
          .state = state,
          .carrier = "standard",
          .tracking_number = "ST3F2B8E6D1C53"};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(money)

BOOST_AUTO_TEST_CASE(is_written_with_the_decimals_of_its_currency) {
  BOOST_TEST(in_words(Money{.amount_minor = 24838, .currency = "USD"}) == "248.38 USD");
  BOOST_TEST(in_words(Money{.amount_minor = 5, .currency = "EUR"}) == "0.05 EUR");
  BOOST_TEST(in_words(Money{.amount_minor = 0, .currency = "EUR"}) == "0.00 EUR");
  BOOST_TEST(in_words(Money{.amount_minor = 500, .currency = "JPY"}) == "500 JPY");
  BOOST_TEST(in_words(Money{.amount_minor = 1500, .currency = "KWD"}) == "1.500 KWD");
  BOOST_TEST(in_words(Money{.amount_minor = -5, .currency = "USD"}) == "-0.05 USD");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_letter)

BOOST_AUTO_TEST_CASE(tells_of_a_confirmed_order) {
  const Letter letter = letter_about(orders::OrderConfirmed{
      .order_id = order,
      .customer_id = customer,
      .total = {.amount_minor = 24838, .currency = "USD"},
      .lines = {{.product_id = {}, .quantity = 12}, {.product_id = {}, .quantity = 1}}});
  BOOST_CHECK(letter.about == Template::order_confirmed);
  BOOST_CHECK(letter.customer_id == customer);
  BOOST_CHECK(letter.order_id == order);
  BOOST_TEST(
      letter.body ==
      "Thank you. Your order 01939c5a-7b1e-7c3d-9a50-3f2b8e6d1c49 is confirmed: 13 units for 248.38 USD.\n");
}

BOOST_AUTO_TEST_CASE(tells_why_an_order_was_cancelled) {
  orders::OrderCancelled event{.order_id = order,
                               .customer_id = customer,
                               .code = "inventory.out_of_stock",
                               .reason = "",
                               .was_confirmed = false};
  BOOST_TEST(letter_about(event).body.ends_with(" could not be completed: inventory.out_of_stock.\n"));
  event.reason = "Ordered twice";
  event.was_confirmed = true;
  BOOST_TEST(letter_about(event).body.ends_with(" is cancelled: Ordered twice.\n"));
}

BOOST_AUTO_TEST_CASE(tells_why_stock_is_no_longer_kept) {
  inventory::StockReleased event{.order_id = order,
                                 .customer_id = customer,
                                 .reason = inventory::ReleaseReason::expired,
                                 .lines = {{.product_id = {}, .quantity = 1}}};
  BOOST_TEST(letter_about(event).body.find("the 1 unit of your") != std::string::npos);
  BOOST_TEST(letter_about(event).body.ends_with("it was not confirmed in time.\n"));
  event.reason = inventory::ReleaseReason::cancelled;
  BOOST_TEST(letter_about(event).body.ends_with("it was cancelled or could not be completed.\n"));
}

BOOST_AUTO_TEST_CASE(tells_of_an_invoice_and_of_a_refund) {
  const Letter invoice =
      letter_about(payments::InvoiceIssued{.invoice_id = {},
                                           .number = 7,
                                           .order_id = order,
                                           .customer_id = customer,
                                           .total = {.amount_minor = 100, .currency = "USD"}});
  BOOST_TEST(invoice.subject == "Invoice 7");
  BOOST_TEST(invoice.body.ends_with(": 1.00 USD, paid.\n"));

  const Letter refund =
      letter_about(payments::PaymentRefunded{.refund_id = {},
                                             .payment_id = {},
                                             .order_id = order,
                                             .customer_id = customer,
                                             .amount = {.amount_minor = 50, .currency = "USD"},
                                             .reason = "A box was damaged"});
  BOOST_TEST(refund.subject == "We have refunded 0.50 USD");
  BOOST_TEST(refund.body.ends_with(": A box was damaged.\n"));
}

BOOST_AUTO_TEST_CASE(tells_of_the_steps_of_a_shipment_that_matter) {
  using enum shipping::ShipmentState;
  BOOST_CHECK(letter_about(shipment_in(picked_up))->about == Template::shipment_picked_up);
  BOOST_CHECK(letter_about(shipment_in(delivered))->about == Template::shipment_delivered);
  BOOST_CHECK(letter_about(shipment_in(returned))->about == Template::shipment_returned);
  BOOST_TEST(letter_about(shipment_in(picked_up))->body.ends_with("Tracking number: ST3F2B8E6D1C53\n"));
  for (const auto state : {created, in_transit, cancelled}) BOOST_CHECK(!letter_about(shipment_in(state)));
}

BOOST_AUTO_TEST_SUITE_END()
