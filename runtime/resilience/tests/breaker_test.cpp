#define BOOST_TEST_MODULE resilience_breaker
#include "banyan/resilience/breaker.hpp"

#include <boost/test/unit_test.hpp>
#include <thread>
#include <vector>

using namespace banyan;
using namespace banyan::resilience;
using namespace std::chrono_literals;

using Outcome = Breaker::Outcome;

namespace {

/// Stands still until it is moved by hand.
class ManualClock final : public Clock {
 public:
  Instant now() const override { return now_; }
  Timestamp utc() const override { return {}; }
  void advance(Duration time) { now_ += time; }

 private:
  Instant now_{std::chrono::hours{1}};
};

struct Fixture {
  ManualClock clock;
  Breaker breaker{{}, clock};

  BreakerState state() const { return breaker.snapshot().state; }

  /// Makes calls that all end as said.
  void calls(int count, Outcome outcome) {
    for (int i = 0; i < count; ++i) {
      const auto permit = breaker.admit();
      BOOST_REQUIRE(permit.has_value());
      breaker.settle(*permit, outcome);
    }
  }

  void open() {
    calls(20, Outcome::failure);
    BOOST_REQUIRE((state() == BreakerState::open));
  }

  void half_open() {
    open();
    clock.advance(30s);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(closed, Fixture)

BOOST_AUTO_TEST_CASE(stays_closed_while_calls_succeed) {
  calls(1000, Outcome::success);
  BOOST_TEST((state() == BreakerState::closed));
  BOOST_TEST(!breaker.refuses().has_value());
}

BOOST_AUTO_TEST_CASE(stays_closed_below_the_minimum_of_calls_even_if_all_fail) {
  calls(19, Outcome::failure);
  BOOST_TEST((state() == BreakerState::closed));
}

BOOST_AUTO_TEST_CASE(opens_at_exactly_half_of_the_calls_failing) {
  calls(10, Outcome::success);
  calls(9, Outcome::failure);
  BOOST_TEST((state() == BreakerState::closed));
  calls(1, Outcome::failure);
  BOOST_TEST((state() == BreakerState::open));
}

BOOST_AUTO_TEST_CASE(stays_closed_just_below_half) {
  calls(51, Outcome::success);
  calls(49, Outcome::failure);
  BOOST_TEST((state() == BreakerState::closed));
}

BOOST_AUTO_TEST_CASE(a_success_that_completes_the_minimum_opens_if_enough_of_the_others_failed) {
  calls(19, Outcome::failure);
  const auto permit = breaker.admit();
  BOOST_TEST((breaker.settle(*permit, Outcome::success) == BreakerState::open));
}

BOOST_AUTO_TEST_CASE(calls_that_were_not_made_count_for_nothing) {
  calls(19, Outcome::failure);
  calls(100, Outcome::none);
  BOOST_TEST(breaker.snapshot().calls == 19);
  BOOST_TEST((state() == BreakerState::closed));
}

BOOST_AUTO_TEST_CASE(failures_leave_the_window_after_ten_seconds) {
  calls(19, Outcome::failure);
  clock.advance(9s);
  BOOST_TEST(breaker.snapshot().failures == 19);
  clock.advance(1s);
  BOOST_TEST(breaker.snapshot().failures == 0);
  calls(19, Outcome::failure);
  BOOST_TEST((state() == BreakerState::closed));
}

BOOST_AUTO_TEST_CASE(the_window_slides_by_tenths) {
  for (int second = 0; second < 10; ++second) {
    calls(1, Outcome::failure);
    clock.advance(1s);
  }
  BOOST_TEST(breaker.snapshot().failures == 9);
  calls(10, Outcome::failure);
  BOOST_TEST((state() == BreakerState::closed));
  calls(1, Outcome::failure);
  BOOST_TEST((state() == BreakerState::open));
}

BOOST_AUTO_TEST_CASE(a_long_silence_empties_the_window) {
  calls(19, Outcome::failure);
  clock.advance(std::chrono::hours{24 * 365});
  BOOST_TEST(breaker.snapshot().calls == 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(opened, Fixture)

BOOST_AUTO_TEST_CASE(refuses_and_says_for_how_long) {
  open();
  BOOST_TEST(!breaker.admit().has_value());
  BOOST_TEST((breaker.refuses() == 30s));
  clock.advance(29s);
  BOOST_TEST((breaker.refuses() == 1s));
  BOOST_TEST(!breaker.admit().has_value());
  BOOST_TEST(breaker.snapshot().opened == 1U);
}

BOOST_AUTO_TEST_CASE(is_half_open_after_thirty_seconds_without_a_call) {
  open();
  clock.advance(30s - 1us);
  BOOST_TEST((state() == BreakerState::open));
  clock.advance(1us);
  BOOST_TEST((state() == BreakerState::half_open));
  BOOST_TEST(!breaker.refuses().has_value());
}

BOOST_AUTO_TEST_CASE(calls_from_before_the_opening_change_nothing) {
  std::vector<Breaker::Permit> early;
  for (int i = 0; i < 5; ++i) early.push_back(*breaker.admit());
  open();
  BOOST_TEST((breaker.settle(early[0], Outcome::failure) == std::nullopt));
  BOOST_TEST((breaker.settle(early[1], Outcome::success) == std::nullopt));
  BOOST_TEST((breaker.refuses() == 30s));
  clock.advance(30s);
  BOOST_TEST(breaker.admit().has_value());
  for (int i = 2; i < 5; ++i) BOOST_TEST((breaker.settle(early[2], Outcome::success) == std::nullopt));
  BOOST_TEST((state() == BreakerState::half_open));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(half_opened, Fixture)

BOOST_AUTO_TEST_CASE(admits_three_trials_and_no_more) {
  half_open();
  for (int i = 0; i < 3; ++i) BOOST_TEST(breaker.admit().has_value());
  BOOST_TEST(!breaker.admit().has_value());
  BOOST_TEST((breaker.refuses() == 0s));
}

BOOST_AUTO_TEST_CASE(closes_when_all_three_have_succeeded) {
  half_open();
  std::vector<Breaker::Permit> trials;
  for (int i = 0; i < 3; ++i) trials.push_back(*breaker.admit());
  BOOST_TEST((breaker.settle(trials[0], Outcome::success) == std::nullopt));
  BOOST_TEST((breaker.settle(trials[1], Outcome::success) == std::nullopt));
  BOOST_TEST((state() == BreakerState::half_open));
  BOOST_TEST(!breaker.admit().has_value());
  BOOST_TEST((breaker.settle(trials[2], Outcome::success) == BreakerState::closed));
  BOOST_TEST((state() == BreakerState::closed));
}

BOOST_AUTO_TEST_CASE(opens_again_at_the_first_failure_for_the_whole_time) {
  half_open();
  const auto good = *breaker.admit();
  const auto bad = *breaker.admit();
  const auto late = *breaker.admit();
  breaker.settle(good, Outcome::success);
  BOOST_TEST((breaker.settle(bad, Outcome::failure) == BreakerState::open));
  BOOST_TEST((breaker.refuses() == 30s));
  BOOST_TEST((breaker.settle(late, Outcome::success) == std::nullopt));
  BOOST_TEST((state() == BreakerState::open));
  BOOST_TEST(breaker.snapshot().opened == 2U);
}

BOOST_AUTO_TEST_CASE(a_trial_that_was_not_made_gives_its_place_back) {
  half_open();
  std::vector<Breaker::Permit> trials;
  for (int i = 0; i < 3; ++i) trials.push_back(*breaker.admit());
  breaker.settle(trials[0], Outcome::none);
  BOOST_TEST(breaker.admit().has_value());
  BOOST_TEST(!breaker.admit().has_value());
}

BOOST_AUTO_TEST_CASE(what_failed_before_the_opening_is_forgotten_after_closing) {
  half_open();
  calls(3, Outcome::success);
  BOOST_TEST(breaker.snapshot().failures == 0);
  calls(19, Outcome::failure);
  BOOST_TEST((state() == BreakerState::closed));
}

BOOST_AUTO_TEST_CASE(a_second_round_of_trials_begins_afresh) {
  half_open();
  calls(2, Outcome::success);
  calls(1, Outcome::failure);
  clock.advance(30s);
  calls(2, Outcome::success);
  BOOST_TEST((state() == BreakerState::half_open));
  calls(1, Outcome::success);
  BOOST_TEST((state() == BreakerState::closed));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(options)

BOOST_AUTO_TEST_CASE(every_number_can_be_chosen) {
  ManualClock clock;
  Breaker breaker{{.failures_percent = 100, .window = 1s, .calls_min = 2, .open_for = 5s, .trials = 1},
                  clock};
  breaker.settle(*breaker.admit(), Outcome::failure);
  BOOST_TEST((breaker.settle(*breaker.admit(), Outcome::failure) == BreakerState::open));
  clock.advance(5s);
  BOOST_TEST((breaker.settle(*breaker.admit(), Outcome::success) == BreakerState::closed));
}

BOOST_AUTO_TEST_CASE(states_have_names) {
  BOOST_TEST(to_string(BreakerState::closed) == "closed");
  BOOST_TEST(to_string(BreakerState::half_open) == "half_open");
  BOOST_TEST(to_string(BreakerState::open) == "open");
}

BOOST_AUTO_TEST_CASE(many_threads_lose_no_count) {
  ManualClock clock;
  Breaker breaker{{}, clock};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int call = 0; call < 1000; ++call) breaker.settle(*breaker.admit(), Outcome::success);
    });
  }
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST(breaker.snapshot().calls == 4000);
}

BOOST_AUTO_TEST_SUITE_END()
