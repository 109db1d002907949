#define BOOST_TEST_MODULE courier
#include "courier.hpp"

#include <boost/test/unit_test.hpp>

#include "sending.hpp"

using namespace shop::notifications;
using namespace std::chrono_literals;
using banyan::Instant;
using banyan::Status;
using enum Handover::Outcome;

namespace {

class ScriptedSender final : public Sender {
 public:
  Status send(const SendNotification&) override { return ++asked, answer; }
  void hurry() noexcept override { is_hurried = true; }

  Status answer = banyan::success();
  int asked = 0;
  bool is_hurried = false;
};

struct Post {
  Handover::Outcome hand_over(Status answer) {
    sender->answer = std::move(answer);
    return courier.hand_over({}, now).value().outcome;
  }

  std::shared_ptr<ScriptedSender> sender = std::make_shared<ScriptedSender>();
  Courier courier{sender, 1min};
  Instant now{1'000'000s};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_courier, Post)

BOOST_AUTO_TEST_CASE(tells_what_the_sender_said) {
  BOOST_CHECK(hand_over(banyan::success()) == taken);
  BOOST_CHECK(hand_over(undeliverable("550")) == refused);
  BOOST_CHECK(hand_over(deferred("451")) == put_off);
  BOOST_CHECK(hand_over(unreachable("no route")) == out_of_reach);
}

BOOST_AUTO_TEST_CASE(leaves_a_sender_alone_that_was_out_of_reach) {
  hand_over(unreachable("no route"));
  now += 59s;
  BOOST_TEST(courier.is_resting(now));
  const auto again = courier.hand_over({}, now).value();
  BOOST_CHECK(again.outcome == not_asked);
  BOOST_TEST(again.answer == "no route");
  BOOST_TEST(sender->asked == 1);

  now += 1s;
  BOOST_TEST(!courier.is_resting(now));
  BOOST_CHECK(hand_over(banyan::success()) == taken);
}

BOOST_AUTO_TEST_CASE(goes_on_when_one_notification_is_deferred_or_refused) {
  hand_over(deferred("451"));
  BOOST_TEST(!courier.is_resting(now));
  BOOST_CHECK(hand_over(banyan::success()) == taken);
  hand_over(undeliverable("550"));
  BOOST_TEST(!courier.is_resting(now));
}

BOOST_AUTO_TEST_CASE(knows_whether_the_sender_answered_last) {
  BOOST_TEST(!courier.is_in_reach());
  hand_over(deferred("451"));
  BOOST_TEST(courier.is_in_reach());
  hand_over(unreachable("no route"));
  BOOST_TEST(!courier.is_in_reach());
}

BOOST_AUTO_TEST_CASE(leaves_a_notification_where_it_is_when_the_process_ends) {
  courier.hurry();
  BOOST_TEST(sender->is_hurried);
  for (const auto& cut : {unreachable("cut"), deferred("cut")}) {
    sender->answer = cut;
    BOOST_CHECK(courier.hand_over({}, now).error() == unreachable({}));
  }
  BOOST_CHECK(hand_over(banyan::success()) == taken);
  BOOST_CHECK(hand_over(undeliverable("550")) == refused);
}

BOOST_AUTO_TEST_SUITE_END()
