#define BOOST_TEST_MODULE orders
#include <boost/test/unit_test.hpp>

#include "neighbours.hpp"
#include "shop/orders/reasons.hpp"

using namespace shop;
using namespace shop::orders;
using namespace std::chrono_literals;
using banyan::Uuid;

namespace {

using Lines = std::vector<std::string>;

/// Orders with a known customer, between neighbours that do what the test says.
struct Desk : Neighbours {
  Desk() { BOOST_REQUIRE(world.call(users::RegisterCustomer{.name = "Ann", .email = "a@example.com"}).ok()); }

  Uuid place() {
    PlaceOrder command{
        .customer_id = id(1), .lines = {{.product_id = id(9), .quantity = 1}}, .payment_method = "tok_visa"};
    command.ship_to = {.name = "Ann", .street = "1 Main St", .city = "Springfield", .country = "USA"};
    return world.call(command).value().order_id;
  }
  auto cancel(const Uuid& order) { return world.call(CancelOrder{.order_id = order, .reason = "no need"}); }
  void report(const Uuid& order, shipping::Movement movement) {
    BOOST_REQUIRE(world.call(shipping::AdvanceShipment{.shipment_id = order, .state = movement}).ok());
  }
  Order order(const Uuid& order) { return world.call(GetOrder{.order_id = order}).value(); }
  /// "placed", …, and why it was cancelled.
  std::string state(const Uuid& order_id) {
    const Order found = order(order_id);
    return std::string{to_string(found.status)} + (found.cancel_code ? " " + *found.cancel_code : "");
  }
  banyan::testing::World world{modules()};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_cancellation, Desk)

BOOST_AUTO_TEST_CASE(while_stock_is_reserved_takes_nothing_else) {
  hold<inventory::ReserveStock>();
  const Uuid order = place();
  BOOST_TEST((cancel(order).value().status == OrderStatus::cancelling));
  allow<inventory::ReserveStock>();
  world.advance(1min, 1s);
  BOOST_TEST(state(order) == "cancelled orders.cancelled_by_customer");
  BOOST_TEST(times<inventory::ReleaseStock>() == 1);
  BOOST_TEST(times<payments::AuthorisePayment>() == 0);
}

BOOST_AUTO_TEST_CASE(while_the_payment_is_authorised_takes_it_back) {
  hold<payments::AuthorisePayment>();
  const Uuid order = place();
  BOOST_REQUIRE(cancel(order).ok());
  world.advance(1min, 1s);
  BOOST_TEST(state(order) == "cancelled orders.cancelled_by_customer");
  BOOST_TEST(times<payments::VoidPayment>() == 1);
  BOOST_TEST(times<inventory::ReleaseStock>() == 1);
  BOOST_TEST(times<shipping::CreateShipment>() == 0);
}

BOOST_AUTO_TEST_CASE(while_the_shipment_is_created_calls_it_off) {
  hold<shipping::CreateShipment>();
  const Uuid order = place();
  BOOST_REQUIRE(cancel(order).ok());
  world.advance(1min, 1s);
  BOOST_TEST(state(order) == "cancelled orders.cancelled_by_customer");
  BOOST_TEST(times<shipping::CancelShipment>() == 1);
  BOOST_TEST(times<payments::VoidPayment>() == 1);
  BOOST_TEST(times<payments::CapturePayment>() == 0);
}

BOOST_AUTO_TEST_CASE(while_the_payment_is_captured_gives_it_back) {
  hold<payments::CapturePayment>();
  const Uuid order = place();
  BOOST_REQUIRE(cancel(order).ok());
  world.advance(1min, 1s);
  BOOST_TEST(state(order) == "cancelled orders.cancelled_by_customer");
  BOOST_TEST(times<payments::RefundPayment>() == 1);
  BOOST_TEST(times<shipping::CancelShipment>() == 1);
  BOOST_TEST(times<payments::VoidPayment>() == 1);
  BOOST_TEST(times<inventory::ReleaseStock>() == 1);
  BOOST_TEST(times<OrderConfirmed>() == 0);
  BOOST_TEST(times<OrderCancelled>() == 1);
}

BOOST_AUTO_TEST_CASE(is_refused_while_another_is_under_way_and_after_it) {
  const Uuid order = place();
  hold<shipping::CancelShipment>();
  BOOST_REQUIRE(cancel(order).ok());
  BOOST_TEST(cancel(order).error().reason() == already_cancelled.name);
  allow<shipping::CancelShipment>();
  world.advance(2min, 1s);
  BOOST_TEST(state(order) == "cancelled orders.cancelled_by_customer");
  BOOST_TEST(cancel(order).error().reason() == already_cancelled.name);
  BOOST_TEST(times<payments::RefundPayment>() == 1);
}

BOOST_AUTO_TEST_CASE(whose_shipment_has_left_leaves_the_order_as_it_was) {
  const Uuid order = place();
  refuse<shipping::CancelShipment>({banyan::Errc::rejected, "shipping.already_shipped"});
  BOOST_REQUIRE(cancel(order).ok());
  BOOST_TEST(state(order) == "confirmed");
  BOOST_TEST(times<payments::RefundPayment>() == 0);
  BOOST_TEST(cancel(order).error().reason() == already_shipped.name);
  BOOST_TEST(state(order) == "confirmed");
  report(order, shipping::Movement::picked_up);
  BOOST_TEST(state(order) == "shipped");
  BOOST_TEST(cancel(order).error().reason() == already_shipped.name);
}

BOOST_AUTO_TEST_CASE(is_finished_even_if_the_refund_is_refused_for_hours) {
  const Uuid order = place();
  refuse<payments::RefundPayment>({banyan::Errc::rejected, "payments.not_refundable"});
  BOOST_REQUIRE(cancel(order).ok());
  world.advance(3h, 10s);
  BOOST_TEST(state(order) == "cancelling");
  allow<payments::RefundPayment>();
  world.advance(15min, 10s);
  BOOST_TEST(state(order) == "cancelled orders.cancelled_by_customer");
  BOOST_TEST(times<payments::RefundPayment>() == 1);
  BOOST_TEST(times<inventory::ReleaseStock>() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(the_status, Desk)

BOOST_AUTO_TEST_CASE(follows_the_shipment) {
  const Uuid order = place();
  BOOST_TEST(state(order) == "confirmed");
  report(order, shipping::Movement::in_transit);
  BOOST_TEST(state(order) == "shipped");
  report(order, shipping::Movement::delivered);
  BOOST_TEST(state(order) == "delivered");
  report(order, shipping::Movement::returned);
  BOOST_TEST(state(order) == "returned");
}

BOOST_AUTO_TEST_CASE(does_not_go_back_when_the_carrier_is_faster_than_the_payment) {
  hold<payments::CapturePayment>();
  const Uuid order = place();
  report(order, shipping::Movement::picked_up);
  allow<payments::CapturePayment>();
  world.advance(1min, 1s);
  BOOST_TEST(times<OrderConfirmed>() == 1);
  BOOST_TEST(state(order) == "shipped");
  BOOST_TEST(this->order(order).total.value().amount_minor == catalogue_price);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(an_order, Desk)

BOOST_AUTO_TEST_CASE(has_another_version_with_each_line_of_its_history) {
  hold<payments::CapturePayment>();
  const Uuid order_id = place();
  Order before = order(order_id);
  for (int i = 0; i < 5; ++i) {
    world.advance(25s, 1s);
    const Order now = order(order_id);
    BOOST_TEST((now.version > before.version) == (now != before));
    BOOST_TEST(now.history.size() > before.history.size() - 1);
    before = now;
  }
  BOOST_TEST(before.version > 5);
}

BOOST_AUTO_TEST_CASE(tells_no_more_of_its_history_than_its_contract_allows) {
  const Uuid order_id = place();
  refuse<payments::RefundPayment>({banyan::Errc::rejected, "payments.not_refundable"});
  BOOST_REQUIRE(cancel(order_id).ok());
  world.advance(96h, 5min);
  const Order long_one = order(order_id);
  BOOST_TEST(long_one.history.size() == 1000U);
  BOOST_TEST(long_one.history.back().step == "refund payment");
  BOOST_TEST((long_one.version > 1000));
}

BOOST_AUTO_TEST_CASE(of_a_customer_who_is_not_known_is_refused) {
  PlaceOrder command{
      .customer_id = id(2), .lines = {{.product_id = id(9), .quantity = 1}}, .payment_method = "tok_visa"};
  command.ship_to = {.name = "Bob", .street = "1 Main St", .city = "Springfield", .country = "USA"};
  std::string answer;
  world.ask(command, world.call_options(), [&](const auto& given) { answer = given.error().reason(); });
  world.advance(900ms);
  BOOST_TEST(answer.empty());  // perhaps users has told of them just now
  world.advance(100ms);
  BOOST_TEST(answer == unknown_customer.name);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(a_list, Desk)

BOOST_AUTO_TEST_CASE(comes_page_by_page_the_newest_first) {
  std::vector<Uuid> placed;
  for (int i = 0; i < 5; ++i) {
    placed.push_back(place());
    world.advance(1ms, 1ms);
  }
  std::vector<Uuid> listed;
  ListOrders query{.customer_id = id(1), .limit = 2};
  do {
    const OrderPage page = world.call(query).value();
    for (const OrderSummary& item : page.items) listed.push_back(item.order_id);
    query.cursor = page.next_cursor;
  } while (query.cursor);
  BOOST_TEST((listed == std::vector<Uuid>{placed.rbegin(), placed.rend()}));
}

BOOST_AUTO_TEST_CASE(keeps_its_order_when_the_clock_is_set_in_between) {
  std::vector<Uuid> placed;
  for (const auto difference : {-1h, 25h, -24h, -2h}) {
    placed.push_back(place());
    world.clock().set_by(difference);
  }
  placed.push_back(place());
  std::vector<Uuid> listed;
  const auto page = world.call(ListOrders{.customer_id = id(1), .limit = 10}).value();
  for (const OrderSummary& item : page.items) listed.push_back(item.order_id);
  BOOST_TEST((listed == std::vector<Uuid>{placed.rbegin(), placed.rend()}));
}

BOOST_AUTO_TEST_CASE(has_no_page_for_a_cursor_that_it_did_not_give) {
  for (const char* cursor : {"x", "-1", "' OR 1=1", "00000000-0000-0000-0000-00000000000g"}) {
    const ListOrders query{.customer_id = id(1), .cursor = cursor, .limit = 2};
    BOOST_TEST(world.call(query).error().reason() == bad_cursor.name);
  }
}

BOOST_AUTO_TEST_SUITE_END()
