#define BOOST_TEST_MODULE notifications_waiting
#include "waiting.hpp"

#include "mail_server.hpp"
#include "shop.hpp"

using namespace shop;
using namespace shop::notifications;
using banyan::Timestamp;

namespace {

std::shared_ptr<Sender> smtp_to(const MailServer& server) {
  return smtp_sender({.url = server.url(), .needs_tls = false});
}

/// A shop whose mail goes to a server that answers as it is told.
struct Mailing {
  explicit Mailing(std::map<std::string, Answers> answers) : server(std::move(answers)) {
    shop.register_maria();
  }

  Notification mail(std::uint8_t order = 50) {
    shop.cancel(order);
    return shop.all().back();
  }

  MailServer server;
  Shop shop{smtp_to(server)};
};

std::size_t dead(Shop& shop) { return shop.world.instance("notifications").health().dead; }

Timestamp now(Shop& shop) { return shop.world.clock().utc(); }

std::vector<Notification> waiting(Shop& shop) {
  return shop.world.call(ListNotifications{.waiting = true}).value().items;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(a_mail_that_is_deferred)

BOOST_AUTO_TEST_CASE(is_tried_again_after_minutes_as_greylisting_wants_it) {
  Mailing mailing{{{"RCPT", {"451 4.7.1 Greylisted", "250 ok"}}}};
  Shop& shop = mailing.shop;
  const Notification waits = mailing.mail();
  BOOST_CHECK(waits.state == NotificationState::pending);
  BOOST_TEST(waits.attempts.value() == 1);
  BOOST_CHECK(waits.next_attempt_at.value() == now(shop) + 5min);
  BOOST_TEST(waits.last_answer.value() == "451 4.7.1 Greylisted");
  BOOST_TEST(dead(shop) == 0U);

  shop.world.advance(299s, 1s);
  BOOST_CHECK(shop.all().back().state == NotificationState::pending);
  shop.world.advance(15s, 1s);
  const Notification sent = shop.all().back();
  BOOST_CHECK(sent.state == NotificationState::sent);
  BOOST_TEST(!sent.next_attempt_at);
  BOOST_TEST(waiting(shop).empty());
}

BOOST_AUTO_TEST_CASE(waits_at_whatever_stage_the_server_defers_it) {
  const std::pair<const char*, const char*> deferrals[] = {{"RCPT", "421 closing"},
                                                           {"RCPT", "452 full"},
                                                           {"DATA", "451 local error"},
                                                           {".", "450 busy"},
                                                           {".", "drop"}};
  for (const auto& [stage, answer] : deferrals) {
    BOOST_TEST_CONTEXT(stage << ": " << answer) {
      Mailing mailing{{{stage, answer}}};
      BOOST_CHECK(mailing.mail().next_attempt_at == now(mailing.shop) + 5min);
    }
  }
}

BOOST_AUTO_TEST_CASE(has_failed_at_once_when_the_server_refuses_it_for_good) {
  Mailing mailing{{{"RCPT", "550 5.1.1 no such user"}}};
  const Notification failed = mailing.mail();
  BOOST_CHECK(failed.state == NotificationState::failed);
  BOOST_TEST(failed.failure.value() == "550 5.1.1 no such user");
  BOOST_TEST(waiting(mailing.shop).empty());
}

BOOST_AUTO_TEST_CASE(lets_all_others_pass) {
  Mailing mailing{{{"RCPT", {"451 later", "250 ok"}}}};
  BOOST_CHECK(mailing.mail(50).state == NotificationState::pending);
  BOOST_CHECK(mailing.mail(51).state == NotificationState::sent);
  BOOST_TEST(waiting(mailing.shop).size() == 1U);
}

BOOST_AUTO_TEST_CASE(waits_twice_as_long_each_time_up_to_hours_and_is_given_up_after_days) {
  Shop shop;
  shop.register_maria();
  shop.sender->answer = deferred("451 later");
  shop.cancel(50);
  std::vector<std::int64_t> delays;
  Timestamp before = now(shop);
  const Timestamp begin = before;
  while (shop.all().front().state == NotificationState::pending) {
    const auto next = shop.all().front().next_attempt_at.value();
    delays.push_back(std::chrono::duration_cast<std::chrono::minutes>(next - before).count());
    while (shop.all().front().next_attempt_at == next) shop.world.advance(5min, 5min);
    before = now(shop);
  }
  BOOST_REQUIRE(delays.size() > 10U);
  delays.resize(9);
  BOOST_TEST(delays == (std::vector<std::int64_t>{5, 10, 20, 40, 80, 160, 240, 240, 240}),
             boost::test_tools::per_element());
  const auto days = std::chrono::duration_cast<std::chrono::hours>(now(shop) - begin).count() / 24;
  BOOST_TEST(days == 5);
  BOOST_TEST(shop.all().front().failure.value().ends_with("attempts: 451 later"));
  BOOST_TEST(waiting(shop).empty());
  BOOST_TEST(dead(shop) == 0U);
}

BOOST_AUTO_TEST_CASE(waits_on_after_the_end_of_the_process) {
  Shop shop;
  shop.register_maria();
  shop.sender->answer = deferred("451 later");
  shop.cancel(50);
  shop.world.crash();
  shop.world.recover();
  BOOST_TEST(waiting(shop).size() == 1U);
  shop.sender->answer = banyan::success();
  shop.world.advance(6min, 10s);
  BOOST_CHECK(shop.all().front().state == NotificationState::sent);
  BOOST_TEST(shop.sender->seen.size() == 2U);
  BOOST_CHECK(shop.sender->seen.front() == shop.sender->seen.back());
}

BOOST_AUTO_TEST_CASE(goes_to_where_the_customer_is_reached_by_then) {
  Shop shop;
  shop.register_maria();
  shop.sender->answer = deferred("451 later");
  shop.cancel(50);
  shop.say<users::ChangeProfile>(users::ProfileChanged{.customer_id = id(1),
                                                       .version = 2,
                                                       .name = "Maria Anders",
                                                       .email = "anders@example.com",
                                                       .phone = std::nullopt});
  shop.sender->answer = banyan::success();
  shop.world.advance(6min, 10s);
  BOOST_TEST(shop.sender->seen.back().recipient == "anders@example.com");
}

BOOST_AUTO_TEST_CASE(is_tried_at_its_time_however_the_clock_is_set) {
  for (const auto difference : {-24h, 24h, 24h * 365}) {
    Shop shop;
    shop.register_maria();
    shop.sender->answer = deferred("451 later");
    shop.cancel(50);
    shop.world.clock().set_by(difference);
    shop.world.advance(4min, 10s);
    BOOST_TEST(shop.sender->seen.size() == 1U);
    shop.world.advance(2min, 10s);
    BOOST_TEST(shop.sender->seen.size() == 2U);
    BOOST_CHECK(shop.all().front().state == NotificationState::pending);
  }
}

BOOST_AUTO_TEST_CASE(is_counted_for_operators) {
  Shop shop;
  shop.register_maria();
  shop.sender->answer = deferred("451 later");
  shop.cancel(50);
  const auto& counts = shop.world.instance("notifications").definition().counts();
  BOOST_REQUIRE(counts.size() == 1U);
  BOOST_TEST(counts.front().name == "waiting");
  shop.world.inspect("notifications",
                     [&](banyan::View& view) { BOOST_TEST(counts.front().read(view) == 1); });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_sender_out_of_reach)

BOOST_AUTO_TEST_CASE(is_left_alone_for_a_while_and_gets_every_mail_once_when_it_is_back) {
  Shop shop;
  shop.register_maria();
  shop.sender->answer = unreachable("no route");
  for (std::uint8_t order = 50; order < 60; ++order) shop.cancel(order);
  BOOST_TEST(shop.sender->seen.size() == 1U);
  BOOST_TEST(waiting(shop).size() == 10U);
  BOOST_CHECK(waiting(shop).back().next_attempt_at == now(shop) + 1min);
  BOOST_TEST(waiting(shop).back().last_answer.value() == "no route");
  BOOST_TEST(waiting(shop).back().attempts.value() == 0);

  shop.world.advance(10min, 10s);
  BOOST_TEST(shop.sender->seen.size() < 12U);
  shop.sender->seen.clear();
  shop.sender->answer = banyan::success();
  shop.world.advance(2min, 10s);
  BOOST_TEST(shop.sender->seen.size() == 10U);
  BOOST_TEST(waiting(shop).empty());
  BOOST_TEST(dead(shop) == 0U);
}

BOOST_AUTO_TEST_CASE(is_asked_for_one_mail_after_the_other) {
  Shop shop;
  shop.register_maria();
  shop.sender->answer = unreachable("no route");
  for (std::uint8_t order = 50; order < 53; ++order) shop.cancel(order);
  shop.world.advance(30min, 10s);
  for (const Notification& notification : waiting(shop)) {
    BOOST_TEST(*notification.attempts >= 1);
    BOOST_CHECK(notification.state == NotificationState::pending);
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(the_limit_of_waiting_mails)

BOOST_AUTO_TEST_CASE(makes_a_further_one_fail_that_is_deferred_and_says_so) {
  Shop shop{Patience{.waiting_max = 1}};
  shop.register_maria();
  shop.sender->answer = deferred("451 later");
  shop.cancel(50);
  shop.cancel(51);
  BOOST_TEST(waiting(shop).size() == 1U);
  const Notification failed = shop.all().back();
  BOOST_CHECK(failed.state == NotificationState::failed);
  BOOST_TEST(failed.failure.value() ==
             "not tried again, more than notifications.waiting_max wait: 451 later");
}

BOOST_AUTO_TEST_CASE(counts_bytes_as_well) {
  Shop shop{Patience{.waiting_bytes_max = 1}};
  shop.register_maria();
  shop.sender->answer = deferred("451 later");
  shop.cancel(50);
  shop.cancel(51);
  BOOST_TEST(waiting(shop).size() == 1U);
}

BOOST_AUTO_TEST_CASE(loses_none_while_the_sender_is_out_of_reach) {
  Shop shop{Patience{.waiting_max = 2}};
  shop.register_maria();
  shop.sender->answer = unreachable("no route");
  for (std::uint8_t order = 50; order < 60; ++order) shop.cancel(order);
  shop.world.advance(10min, 10s);
  BOOST_TEST(waiting(shop).size() == 2U);

  shop.sender->seen.clear();
  shop.sender->answer = banyan::success();
  shop.world.advance(5min, 1s);
  BOOST_TEST(shop.sender->seen.size() == 10U);
  for (const Notification& notification : shop.all()) {
    BOOST_CHECK(notification.state == NotificationState::sent);
  }
  BOOST_TEST(dead(shop) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
