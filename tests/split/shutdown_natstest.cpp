// A process that is told to stop finishes what it has taken.
#define BOOST_TEST_MODULE split_shutdown
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <mutex>
#include <set>
#include <thread>

#include "fault/trial.hpp"

using acceptance::ShopProcess;
using namespace std::chrono_literals;
using shop::rest::Shop;
using std::string;

namespace {

/// Much less than process.shutdown_budget: nobody waits for something that does not come.
constexpr auto soon = 5s;

/// Customers register over several connections, one after the other on each, until this ends; who is refused
/// comes again.
class Registrations {
 public:
  explicit Registrations(const ShopProcess& process) : process_(process) {
    for (int i = 0; i < connections; ++i) clients_.emplace_back([this, i] { go_on(i); });
  }
  ~Registrations() { end(); }

  void end() {
    is_over_ = true;
    for (std::thread& client : clients_) client.join();
    clients_.clear();
  }
  int under_way() const { return under_way_; }
  int done() const { return done_; }
  /// The other answers and their counts; after the end.
  const std::map<string, int>& refusals() const { return refusals_; }

 private:
  static constexpr int connections = 16;

  void go_on(int client) {
    Shop shop{process_.endpoint(), {}};
    for (int i = 0; !is_over_; ++i) {
      const string key = std::to_string(client) + '-' + std::to_string(i);
      while (!is_registered(shop, key)) std::this_thread::sleep_for(10ms);
    }
  }
  bool is_registered(Shop& shop, const string& key) {
    ++under_way_;
    const auto answer = shop.register_customer({.name = "Ada", .email = key + "@example.org"}, {key});
    --under_way_;
    if (answer.ok()) return ++done_, true;
    const std::lock_guard lock{mutex_};
    ++refusals_[answer.error().reason()];
    return false;
  }

  const ShopProcess& process_;
  std::atomic<bool> is_over_ = false;
  std::atomic<int> under_way_ = 0;
  std::atomic<int> done_ = 0;
  std::mutex mutex_;
  std::map<string, int> refusals_;  // guarded by mutex_
  std::vector<std::thread> clients_;
};

void wait_for(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + 60s;
  while (!condition()) {
    BOOST_REQUIRE((std::chrono::steady_clock::now() < end));
    std::this_thread::sleep_for(1ms);
  }
}

/// It has to end by itself: the supervisor kills it after a longer while.
void stop_soon(ShopProcess& process, const string& name) {
  const auto begin = std::chrono::steady_clock::now();
  process.stop(name);
  BOOST_TEST((std::chrono::steady_clock::now() - begin < soon), name);
}

int lines_with(const ShopProcess& process, const string& text) {
  std::ifstream log{process.data_directory() + "/banyan.log"};
  int lines = 0;
  for (string line; std::getline(log, line);) lines += line.find(text) == string::npos ? 0 : 1;
  return lines;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(a_process_that_is_told_to_stop)

BOOST_AUTO_TEST_CASE(answers_every_call_under_way) {
  ShopProcess process{{}, fault::all_apart};
  process.start();
  Registrations registrations{process};
  int under_way = 0;
  for (int stops = 1; stops <= 5; ++stops) {
    wait_for([&, before = registrations.done()] { return registrations.done() > before + 50; });
    under_way += registrations.under_way();
    stop_soon(process, "users");
    process.start("users");
  }
  registrations.end();

  // Nobody is left without knowing: a call was answered, or certainly not made.
  const std::set<string> not_made{"remote.no_responders", "resilience.open"};
  for (const auto& [reason, times] : registrations.refusals()) BOOST_TEST(not_made.contains(reason), reason);
  BOOST_TEST(Shop(process.endpoint(), {}).customers().value().size() ==
             static_cast<std::size_t>(registrations.done()));
  BOOST_TEST(lines_with(process, "stopped with work under way") == 0);
  std::printf("%d calls under way at 5 stops, %d customers\n", under_way, registrations.done());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(all_processes_stopped_one_after_the_other, acceptance::Northwind)

BOOST_AUTO_TEST_CASE(lose_nothing_and_repeat_nothing_under_load) {
  if (is_missing()) return;
  fault::Trial trial{stream()};
  trial.begin();
  int stops = 0;
  for (const char* name :
       {"orders", "inventory", "payments", "shipping", "notifications", "users", "gateway"}) {
    trial.wait_until_settled(++stops * trial.orders() / 10);
    stop_soon(trial.shop(), name);
    trial.shop().start(name);
  }
  BOOST_TEST(trial.is_busy());
  trial.audit();
  BOOST_TEST(lines_with(trial.shop(), "stopped with work under way") == 0);
}

BOOST_AUTO_TEST_SUITE_END()
