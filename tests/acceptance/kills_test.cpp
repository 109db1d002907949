#define BOOST_TEST_MODULE acceptance_kills
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <future>
#include <random>
#include <thread>

#include "check.hpp"

using namespace acceptance;
using namespace std::chrono_literals;

namespace {

std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

/// Kills the process at random moments while `work` runs, and starts it again each time.
class Killer {
 public:
  Killer(ShopProcess& process, std::uint64_t seed) : process_(process), engine_(seed) {}

  void kill_while(std::future<void>& work, const Replay& replay, int orders, int kills) {
    std::vector<int> moments;
    for (int i = 0; i < kills; ++i) moments.push_back(at_most(orders - 1));
    std::sort(moments.begin(), moments.end());
    for (const int settled : moments) {
      while (replay.settled() < settled && work.wait_for(1ms) == std::future_status::timeout) {
      }
      std::this_thread::sleep_for(std::chrono::microseconds{at_most(20'000)});
      process_.kill();
      if (at_most(3) == 0) kill_while_it_starts();
      process_.start();
    }
  }

 private:
  int at_most(int max) { return std::uniform_int_distribution{0, max}(engine_); }

  void kill_while_it_starts() {
    process_.launch();
    process_.ends_within(std::chrono::milliseconds{at_most(100)});
    process_.kill();
  }

  ShopProcess& process_;
  std::mt19937_64 engine_;
};

/// Replays the stream, restocked by `supply`, while the process is killed again and again.
void replay_and_kill(const Stream& stream, const Units& supply, int in_flight) {
  const auto kills = static_cast<int>(number_from_environment("ACCEPTANCE_KILLS", 50));
  const std::uint64_t seed = number_from_environment("ACCEPTANCE_SEED", std::random_device{}());
  std::printf("%d kills, ACCEPTANCE_SEED=%" PRIu64 "\n", kills, seed);
  std::fflush(stdout);
  const Count expected = count(stream, supply);
  ShopProcess process;
  process.start();
  Replay replay{stream, places_of(process)};
  replay.load();
  replay.restock(supply);

  auto work = std::async(std::launch::async, [&] { replay.place_orders(in_flight); });
  Killer{process, seed}.kill_while(work, replay, static_cast<int>(stream.orders.size()), kills);
  work.get();

  replay.come_to_rest();
  check_books(stream, expected, replay, process);
  const auto repeated = replay.repeat_orders();
  for (std::size_t i = 0; i < repeated.size(); ++i) BOOST_TEST(repeated[i] == replay.placed()[i].order_id);
  replay.come_to_rest();
  check_books(stream, expected, replay, process);
  check_stores(process);
  report("killed at random moments", {}, expected);
}

}  // namespace

// Nothing is lost and nothing is done twice when the process is killed at random moments.
BOOST_FIXTURE_TEST_SUITE(kills, Northwind)

BOOST_AUTO_TEST_CASE(leave_all_orders_confirmed_when_the_stock_suffices_with_64_in_flight) {
  if (!is_missing()) replay_and_kill(stream(), demand_of(stream()), 64);
}

BOOST_AUTO_TEST_CASE(leave_one_order_after_the_other_as_a_plain_count_says) {
  if (!is_missing()) replay_and_kill(stream(), {}, 1);
}

BOOST_AUTO_TEST_SUITE_END()
