#define BOOST_TEST_MODULE actor_system
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <future>
#include <stdexcept>
#include <thread>
#include <vector>

#include "banyan/actor/system.hpp"

using namespace std::chrono_literals;
using banyan::actor::Address;
using banyan::actor::SpawnOptions;
using banyan::actor::System;

namespace {

System::Options manual() {
  System::Options options;
  options.manual = true;
  return options;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(posting)

BOOST_AUTO_TEST_CASE(runs_tasks_one_at_a_time_in_the_order_of_posting) {
  System system{{.worker_count = 2}};
  const Address actor = system.spawn("a", {.own_thread = true});
  std::vector<int> seen;
  for (int i = 0; i < 1000; ++i) BOOST_REQUIRE(actor.post([&seen, i] { seen.push_back(i); }));
  actor.close();
  BOOST_REQUIRE(seen.size() == 1000U);
  BOOST_TEST(std::is_sorted(seen.begin(), seen.end()));
}

BOOST_AUTO_TEST_CASE(refuses_what_does_not_fit_in_the_mailbox_and_takes_it_again_when_there_is_room) {
  System system{manual()};
  const Address actor = system.spawn("a", {.mailbox_max = 2});
  BOOST_TEST(actor.try_post([] {}));
  BOOST_TEST(actor.try_post([] {}));
  BOOST_TEST(!actor.try_post([] {}));
  BOOST_TEST(actor.depth() == 2U);
  system.run();
  BOOST_TEST(actor.depth() == 0U);
  BOOST_TEST(actor.try_post([] {}));
}

BOOST_AUTO_TEST_CASE(an_exception_is_told_and_the_actor_goes_on) {
  auto options = manual();
  std::string told;
  options.on_exception = [&](std::string_view actor, std::string_view what) {
    told = std::string{actor} + ": " + std::string{what};
  };
  System system{std::move(options)};
  const Address actor = system.spawn("clumsy");
  int runs = 0;
  BOOST_REQUIRE(actor.post([] { throw std::runtime_error{"boom"}; }));
  BOOST_REQUIRE(actor.post([&] { ++runs; }));
  system.run();
  BOOST_TEST(told == "clumsy: boom");
  BOOST_REQUIRE(actor.post([] { throw 42; }));
  BOOST_REQUIRE(actor.post([&] { ++runs; }));
  system.run();
  BOOST_TEST(told == "clumsy: not a std::exception");
  BOOST_TEST(runs == 2);
}

BOOST_AUTO_TEST_CASE(a_delayed_task_waits_for_its_time) {
  System system{manual()};
  const Address actor = system.spawn("a");
  bool ran = false;
  actor.post_after(10min, [&] { ran = true; });
  system.advance(9min);
  system.run();
  BOOST_TEST(!ran);
  system.advance(1min);
  system.run();
  BOOST_TEST(ran);
}

BOOST_AUTO_TEST_CASE(by_other_threads_is_taken_in_by_a_run_of_a_manual_system) {
  System system{manual()};
  const Address actor = system.spawn("a");
  BOOST_TEST(!system.wait(0s));
  std::vector<int> seen;
  std::thread{[&] {
    for (int i = 0; i < 3; ++i) static_cast<void>(actor.post([&seen, i] { seen.push_back(i); }));
    actor.post_after(1min, [&seen] { seen.push_back(60); });
  }}.join();
  BOOST_TEST(system.wait(0s));
  BOOST_TEST(seen.empty());
  BOOST_TEST(system.run() > 0U);
  BOOST_TEST(seen == (std::vector{0, 1, 2}), boost::test_tools::per_element());
  system.advance(1min);
  system.run();
  BOOST_TEST(seen.back() == 60);
}

BOOST_AUTO_TEST_CASE(by_other_threads_before_a_manual_actor_is_closed_still_runs) {
  System system{manual()};
  const Address actor = system.spawn("a");
  bool ran = false;
  std::thread{[&] { static_cast<void>(actor.post([&] { ran = true; })); }}.join();
  actor.close();
  BOOST_TEST(ran);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(burst)

BOOST_AUTO_TEST_CASE(ends_after_everything_that_waited_when_it_began) {
  System system{manual()};
  std::string trace;
  SpawnOptions options;
  options.after_burst = [&] { trace += '|'; };
  const Address actor = system.spawn("a", std::move(options));
  for (const char c : {'a', 'b', 'c'}) BOOST_REQUIRE(actor.post([&, c] { trace += c; }));
  system.run();
  BOOST_REQUIRE(actor.post([&] { trace += 'd'; }));
  system.run();
  BOOST_TEST(trace == "abc|d|");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(closing)

BOOST_AUTO_TEST_CASE(runs_what_waits_ends_the_burst_and_refuses_the_rest) {
  System system{{.worker_count = 2}};
  std::atomic<int> ran = 0;
  std::atomic<int> bursts = 0;
  SpawnOptions options;
  options.own_thread = true;
  options.after_burst = [&] { ++bursts; };
  const Address actor = system.spawn("a", std::move(options));
  for (int i = 0; i < 100; ++i) BOOST_REQUIRE(actor.post([&] { ++ran; }));
  actor.close();
  BOOST_TEST(ran == 100);
  BOOST_TEST(bursts >= 1);
  BOOST_TEST(!actor.post([&] { ++ran; }));
  BOOST_TEST(actor.depth() == 0U);
  actor.close();
}

BOOST_AUTO_TEST_CASE(a_system_ends_although_an_address_is_still_held) {
  Address survivor;
  {
    System system{{.worker_count = 2}};
    survivor = system.spawn("a");
    survivor.post_after(1h, [] {});
  }
  BOOST_TEST(!survivor.post([] {}));
}

BOOST_AUTO_TEST_SUITE_END()
