#define BOOST_TEST_MODULE resilience_retry_budget
#include "banyan/resilience/retry_budget.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <thread>
#include <vector>

using banyan::resilience::RetryBudget;

namespace {

int spend_all(RetryBudget& budget) {
  int spent = 0;
  while (budget.try_spend()) ++spent;
  return spent;
}

void add_requests(RetryBudget& budget, int count) {
  for (int i = 0; i < count; ++i) budget.add_request();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(retry_budget)

BOOST_AUTO_TEST_CASE(begins_with_its_burst) {
  RetryBudget budget{{}};
  BOOST_TEST(spend_all(budget) == 10);
}

BOOST_AUTO_TEST_CASE(ten_requests_earn_one_repeat) {
  RetryBudget budget{{}};
  spend_all(budget);
  add_requests(budget, 9);
  BOOST_TEST(!budget.try_spend());
  add_requests(budget, 1);
  BOOST_TEST(budget.try_spend());
  BOOST_TEST(!budget.try_spend());
}

BOOST_AUTO_TEST_CASE(repeats_stay_a_tenth_of_the_requests_while_everything_fails) {
  RetryBudget budget{{}};
  int repeats = 0;
  for (int i = 0; i < 10'000; ++i) {
    budget.add_request();
    if (budget.try_spend()) ++repeats;
  }
  BOOST_TEST(repeats == 1009);  // The first request adds nothing to a full budget.
}

BOOST_AUTO_TEST_CASE(saves_no_more_than_its_burst) {
  RetryBudget budget{{}};
  add_requests(budget, 100'000);
  BOOST_TEST(spend_all(budget) == 10);
}

BOOST_AUTO_TEST_CASE(nothing_at_all_is_possible) {
  RetryBudget budget{{.percent = 0, .burst = 0}};
  add_requests(budget, 1000);
  BOOST_TEST(!budget.try_spend());
}

BOOST_AUTO_TEST_CASE(without_a_burst_a_repeat_is_earned_first) {
  RetryBudget budget{{.percent = 50, .burst = 0}};
  BOOST_TEST(!budget.try_spend());
  add_requests(budget, 100);
  BOOST_TEST(spend_all(budget) == 1);
}

BOOST_AUTO_TEST_CASE(threads_together_spend_no_more_than_there_is) {
  RetryBudget budget{{.percent = 0, .burst = 1000}};
  std::atomic<int> spent{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&] { spent += spend_all(budget); });
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST(spent.load() == 1000);
}

BOOST_AUTO_TEST_SUITE_END()
