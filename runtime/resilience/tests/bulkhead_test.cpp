#define BOOST_TEST_MODULE resilience_bulkhead
#include "banyan/resilience/bulkhead.hpp"

#include <algorithm>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <thread>
#include <vector>

using namespace banyan;
using namespace banyan::resilience;
using namespace std::chrono_literals;

using Entry = Bulkhead<int>::Entry;

namespace {

constexpr Instant start{};

struct Fixture {
  Bulkhead<int> bulkhead{{.concurrent_max = 2, .waiting_max = 3}};
  std::vector<int> started;

  Entry enter(int who, Instant deadline = no_deadline) { return bulkhead.enter(who, deadline); }
  void leave() {
    bulkhead.leave([this](int who) { started.push_back(who); });
  }
  void fill() {
    for (int i = 0; i < 2; ++i) BOOST_REQUIRE((enter(i) == Entry::entered));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(bulkhead, Fixture)

BOOST_AUTO_TEST_CASE(admits_as_many_as_it_has_places) {
  fill();
  BOOST_TEST(bulkhead.running() == 2U);
  BOOST_TEST((enter(2) == Entry::waits));
  BOOST_TEST(bulkhead.waiting() == 1U);
}

BOOST_AUTO_TEST_CASE(refuses_when_the_queue_is_full) {
  fill();
  for (int i = 2; i < 5; ++i) BOOST_TEST((enter(i) == Entry::waits));
  BOOST_TEST((enter(5) == Entry::full));
  BOOST_TEST(bulkhead.waiting() == 3U);
}

BOOST_AUTO_TEST_CASE(a_place_goes_to_the_first_that_waits) {
  fill();
  for (int i = 2; i < 5; ++i) enter(i);
  leave();
  BOOST_TEST(started == std::vector<int>{2}, boost::test_tools::per_element());
  leave();
  BOOST_TEST(started == (std::vector<int>{2, 3}), boost::test_tools::per_element());
  BOOST_TEST(bulkhead.running() == 2U);
}

BOOST_AUTO_TEST_CASE(a_place_that_nobody_wants_is_free) {
  fill();
  leave();
  BOOST_TEST(started.empty());
  BOOST_TEST((enter(7) == Entry::entered));
}

BOOST_AUTO_TEST_CASE(who_waited_until_the_deadline_is_handed_out_and_not_started) {
  fill();
  enter(2, start + 1s);
  enter(3, start + 3s);
  enter(4, start + 2s);
  BOOST_TEST(bulkhead.take_expired(start + 1s - 1us).empty());
  BOOST_TEST(bulkhead.take_expired(start + 2s) == (std::vector<int>{2, 4}), boost::test_tools::per_element());
  leave();
  BOOST_TEST(started == std::vector<int>{3}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(without_a_queue_nobody_waits) {
  Bulkhead<int> strict{{.concurrent_max = 1, .waiting_max = 0}};
  BOOST_TEST((strict.enter(1, no_deadline) == Entry::entered));
  BOOST_TEST((strict.enter(2, no_deadline) == Entry::full));
}

BOOST_AUTO_TEST_CASE(calls_that_end_at_once_do_not_nest) {
  Bulkhead<int> long_queue{{.concurrent_max = 1, .waiting_max = 100'000}};
  for (int i = 0; i <= 100'000; ++i) long_queue.enter(i, no_deadline);
  int depth = 0;
  int deepest = 0;
  int ended = 0;
  std::function<void(int)> ends_at_once = [&](int) {
    deepest = std::max(deepest, ++depth);
    ++ended;
    long_queue.leave(ends_at_once);
    --depth;
  };
  long_queue.leave(ends_at_once);
  BOOST_TEST(ended == 100'000);
  BOOST_TEST(deepest == 1);
  BOOST_TEST(long_queue.running() == 0U);
}

BOOST_AUTO_TEST_CASE(threads_together_take_no_more_places_than_there_are) {
  Bulkhead<int> shared{{.concurrent_max = 3, .waiting_max = 1'000'000}};
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  std::atomic<int> ended{0};
  const auto work = [&](int) {
    const int now = ++inside;
    for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
    }
    --inside;
    ++ended;
  };
  const std::function<void(int)> run = [&](int who) {
    work(who);
    shared.leave(run);
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int call = 0; call < 10'000; ++call) {
        if (shared.enter(call, no_deadline) == Entry::entered) run(call);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST(ended.load() == 40'000);
  BOOST_TEST(most.load() <= 3);
  BOOST_TEST(shared.running() == 0U);
  BOOST_TEST(shared.waiting() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
