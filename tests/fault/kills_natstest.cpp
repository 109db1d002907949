#define BOOST_TEST_MODULE fault_kills
#include <signal.h>

#include <algorithm>
#include <array>
#include <thread>

#include "trial.hpp"

using namespace fault;
using namespace std::chrono_literals;

namespace {

constexpr std::array processes{"users",         "inventory", "orders",      "payments",   "shipping",
                               "notifications", "gateway",   "nats-server", "provisioner"};

/// Kills processes of the shop at random moments of the load.
class Killer {
 public:
  Killer(Trial& trial, std::uint64_t seed) : trial_(trial), engine_(seed) {}

  void kill(int times) {
    std::vector<int> moments;
    for (int i = 0; i < times; ++i) moments.push_back(at_most(trial_.orders() - 1));
    std::sort(moments.begin(), moments.end());
    for (const int settled : moments) {
      trial_.wait_until_settled(settled);
      std::this_thread::sleep_for(std::chrono::microseconds{at_most(20'000)});
      kill(next_victim());
    }
  }

  void report() const {
    for (const auto& [name, times] : times_) std::printf("%s killed %d times\n", name.c_str(), times);
  }

 private:
  int at_most(int max) { return std::uniform_int_distribution{0, max}(engine_); }

  // All in turn, each time in another order.
  std::string next_victim() {
    if (victims_.empty()) {
      victims_.assign(processes.begin(), processes.end());
      std::shuffle(victims_.begin(), victims_.end(), engine_);
    }
    std::string victim = std::move(victims_.back());
    victims_.pop_back();
    return victim;
  }

  // One that was killed before is first started again.
  void kill(const std::string& name) {
    while (trial_.shop().pid(name) == killed_[name]) std::this_thread::sleep_for(1ms);
    killed_[name] = trial_.shop().pid(name);
    ++times_[name];
    trial_.signal(name, SIGKILL);
  }

  Trial& trial_;
  std::mt19937_64 engine_;
  std::vector<std::string> victims_;
  std::map<std::string, pid_t> killed_;  ///< The last one of each name.
  std::map<std::string, int> times_;
};

void kill_at_random(const acceptance::Stream& stream, Load load) {
  const auto kills = static_cast<int>(number_from_environment("FAULT_KILLS", 10));
  const std::uint64_t seed = number_from_environment("FAULT_SEED", std::random_device{}());
  std::printf("%d kills, FAULT_SEED=%" PRIu64 "\n", kills, seed);
  std::fflush(stdout);
  Trial trial{stream, load};
  Killer killer{trial, seed};

  trial.begin();
  killer.kill(kills);

  killer.report();
  trial.audit();
}

}  // namespace

// Of any process of the split shop, the broker among them.
BOOST_FIXTURE_TEST_SUITE(kills, acceptance::Northwind)

BOOST_AUTO_TEST_CASE(leave_all_orders_confirmed_when_the_stock_suffices_with_64_in_flight) {
  if (!is_missing()) kill_at_random(stream(), Load::at_once);
}

BOOST_AUTO_TEST_CASE(leave_one_order_after_the_other_as_a_plain_count_says) {
  if (!is_missing()) kill_at_random(stream(), Load::one_by_one);
}

BOOST_AUTO_TEST_SUITE_END()
