#define BOOST_TEST_MODULE notifications_module
#include "shop.hpp"
#include "shop/notifications/reasons.hpp"

using namespace shop;
using namespace shop::notifications;

BOOST_FIXTURE_TEST_SUITE(telling, Shop)

BOOST_AUTO_TEST_CASE(sends_what_an_event_says_to_the_customer_and_notes_that_it_was_sent) {
  register_maria();
  cancel(50);

  BOOST_REQUIRE(sender->seen.size() == 1U);
  BOOST_TEST(sender->seen.front().recipient == "maria@example.com");
  BOOST_TEST(sender->seen.front().recipient_name == "Maria Anders");
  BOOST_REQUIRE(all().size() == 1U);
  const Notification notification = all().front();
  BOOST_CHECK(notification.notification_id == sender->seen.front().notification_id);
  BOOST_CHECK(notification.customer_id == id(1));
  BOOST_CHECK(notification.order_id == id(50));
  BOOST_CHECK(notification.template_ == Template::order_cancelled);
  BOOST_CHECK(notification.state == NotificationState::sent);
  BOOST_CHECK(notification.sent_at.has_value());
  BOOST_TEST(notification.recipient.value() == "maria@example.com");
  BOOST_TEST(notification.body == sender->seen.front().body);
}

BOOST_AUTO_TEST_CASE(makes_one_notification_of_each_event_that_customers_hear_of) {
  register_maria();
  const banyan::Money ten{.amount_minor = 1000, .currency = "USD"};
  say<orders::CancelOrder>(
      orders::OrderConfirmed{.order_id = id(50), .customer_id = id(1), .total = ten, .lines = {{id(9), 2}}});
  cancel(51);
  say<inventory::ReleaseStock>(inventory::StockReleased{.order_id = id(51),
                                                        .customer_id = id(1),
                                                        .reason = inventory::ReleaseReason::cancelled,
                                                        .lines = {{id(9), 2}}});
  say<payments::CapturePayment>(payments::InvoiceIssued{
      .invoice_id = id(70), .number = 1, .order_id = id(50), .customer_id = id(1), .total = ten});
  say<payments::CapturePayment>(payments::PaymentRefunded{.refund_id = id(71),
                                                          .payment_id = id(72),
                                                          .order_id = id(50),
                                                          .customer_id = id(1),
                                                          .amount = ten,
                                                          .reason = std::nullopt});
  for (const auto state : {shipping::ShipmentState::picked_up, shipping::ShipmentState::in_transit,
                           shipping::ShipmentState::delivered, shipping::ShipmentState::returned,
                           shipping::ShipmentState::cancelled}) {
    report_shipment(state);
  }

  BOOST_TEST(all().size() == 8U);
  BOOST_TEST(sender->seen.size() == 8U);
}

BOOST_AUTO_TEST_CASE(waits_for_a_customer_who_is_not_known_yet) {
  cancel(50);
  BOOST_TEST(sender->seen.empty());
  BOOST_REQUIRE(all().size() == 1U);
  BOOST_CHECK(all().front().state == NotificationState::pending);
  BOOST_CHECK(!all().front().recipient);

  register_maria();
  BOOST_REQUIRE(sender->seen.size() == 1U);
  BOOST_CHECK(all().front().state == NotificationState::sent);
}

BOOST_AUTO_TEST_CASE(writes_to_the_newest_address) {
  register_maria();
  say<users::ChangeProfile>(users::ProfileChanged{.customer_id = id(1),
                                                  .version = 2,
                                                  .name = "Maria Anders",
                                                  .email = "anders@example.com",
                                                  .phone = std::nullopt});
  cancel(50);
  BOOST_REQUIRE(sender->seen.size() == 1U);
  BOOST_TEST(sender->seen.front().recipient == "anders@example.com");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(a_sender_that_fails, Shop)

BOOST_AUTO_TEST_CASE(for_good_makes_the_notification_fail) {
  register_maria();
  sender->answer = undeliverable("550 no such user");
  cancel(50);
  world.advance(10min, 10s);
  BOOST_TEST(sender->seen.size() == 1U);
  BOOST_CHECK(all().front().state == NotificationState::failed);
  BOOST_TEST(all().front().failure.value() == "550 no such user");
}

BOOST_AUTO_TEST_CASE(for_now_is_asked_again_until_it_takes_the_same_notification) {
  register_maria();
  sender->answer = unreachable("no route");
  cancel(50);
  BOOST_CHECK(all().front().state == NotificationState::pending);

  sender->answer = banyan::success();
  world.advance(2min, 1s);
  BOOST_REQUIRE(sender->seen.size() >= 2U);
  for (const SendNotification& seen : sender->seen) BOOST_CHECK(seen == sender->seen.front());
  BOOST_CHECK(all().front().state == NotificationState::sent);
}

BOOST_AUTO_TEST_CASE(for_one_notification_lets_the_others_pass) {
  register_maria();
  sender->answer = deferred("450 later");
  cancel(50);
  sender->answer = banyan::success();
  cancel(51);
  BOOST_CHECK(all().back().state == NotificationState::sent);
  world.advance(6min, 1s);
  BOOST_CHECK(all().front().state == NotificationState::sent);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(asking, Shop)

BOOST_AUTO_TEST_CASE(finds_by_customer_by_order_and_by_both) {
  register_maria();
  cancel(50, 1);
  cancel(51, 1);
  cancel(52, 2);
  const auto count = [this](std::optional<Uuid> customer, std::optional<Uuid> order) {
    ListNotifications query;
    query.customer_id = customer;
    query.order_id = order;
    return world.call(query).value().items.size();
  };
  BOOST_TEST(count(std::nullopt, std::nullopt) == 3U);
  BOOST_TEST(count(id(1), std::nullopt) == 2U);
  BOOST_TEST(count(std::nullopt, id(52)) == 1U);
  BOOST_TEST(count(id(1), id(51)) == 1U);
  BOOST_TEST(count(id(2), id(51)) == 0U);
}

BOOST_AUTO_TEST_CASE(goes_page_by_page_in_the_order_of_creation) {
  register_maria();
  for (std::uint8_t order = 50; order < 55; ++order) {
    cancel(order);
    world.advance(1ms, 1ms);
  }
  std::vector<Uuid> listed;
  ListNotifications query;
  query.limit = 2;
  do {
    const NotificationPage page = world.call(query).value();
    for (const Notification& notification : page.items) listed.push_back(notification.order_id.value());
    query.cursor = page.next_cursor;
  } while (query.cursor);
  BOOST_CHECK((listed == std::vector{id(50), id(51), id(52), id(53), id(54)}));
}

BOOST_AUTO_TEST_CASE(refuses_a_cursor_that_it_did_not_give) {
  ListNotifications query;
  query.cursor = "x";
  BOOST_TEST(world.call(query).error().reason() == bad_cursor.name);
}

BOOST_AUTO_TEST_SUITE_END()
