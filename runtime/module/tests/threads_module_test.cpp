#define BOOST_TEST_MODULE module_threads
#include <algorithm>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <future>
#include <thread>

#include "banyan/testing/temporary_directory.hpp"
#include "counting.hpp"

using namespace banyan;
using namespace banyan::module;

namespace {

constexpr int client_count = 4;
constexpr int commands_each = 500;

/// A value that is counted down to, from any thread.
class Countdown {
 public:
  explicit Countdown(int from) : left_(from) {}
  void one() {
    if (--left_ == 0) done_.set_value();
  }
  void wait() { done_.get_future().wait(); }

 private:
  std::atomic<int> left_;
  std::promise<void> done_;
};

/// Both modules on real threads, as a host runs them.
struct Process {
  explicit Process(const Script& script) {
    for (const Module& module : {counter(script), mirror(script)}) registry.add(module.messages());
    counting = open(counter(script));
    mirroring = open(mirror(script));
    counting->feeds(interest_of(mirroring->definition(), counting->definition()), mirroring->subscriber());
    mirroring->listens_to("counter", counting->publisher());
    counting->start();
    mirroring->start();
  }

  ~Process() {
    counting->stop();
    mirroring->stop();
  }

  std::unique_ptr<Instance> open(const Module& module) {
    InstanceOptions options;
    options.store.directory = directory.path() + '/' + module.name();
    options.store.ballast_bytes = 0;
    options.relay.credit = 64;
    options.wal_checkpoint_bytes = 64 << 10;
    const telemetry::Log log{lines, clock, "test", telemetry::Level::info};
    return std::move(
               Instance::open(module, {actors, clock, random, ids, faults, registry, metrics, log}, options))
        .value();
  }

  message::CallOptions call_options() {
    message::CallOptions options;
    options.envelope.id = ids.next();
    options.envelope.source = "test";
    options.envelope.time = clock.now();
    return options;
  }

  testing::TemporaryDirectory directory;
  SystemClock clock;
  SystemRandom random;
  IdSource ids{clock, random};
  NoFaults faults;
  message::Registry registry;
  telemetry::Registry metrics;
  telemetry::CapturedLog lines;
  actor::System actors{actor::System::Options{.worker_count = 2}};
  std::unique_ptr<Instance> counting;
  std::unique_ptr<Instance> mirroring;
};

template <class Work>
void on_client_threads(const Work& work) {
  std::vector<std::thread> threads;
  for (int client = 0; client < client_count; ++client) threads.emplace_back(work, client);
  for (std::thread& thread : threads) thread.join();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(on_real_threads)

BOOST_AUTO_TEST_CASE(every_command_is_answered_and_every_event_arrives_once_and_in_order) {
  Countdown answered{client_count * commands_each};
  Countdown arrived{client_count * commands_each};
  std::atomic<int> refused_count = 0;
  Script script;
  script["counter.changed.v1"] = [&] { return arrived.one(), success(); };
  Process process{script};

  on_client_threads([&](int client) {
    for (int i = 0; i < commands_each; ++i) {
      Add command{.key = "k" + std::to_string(client), .number = i};
      message::call<Added>(process.counting->endpoint(), std::move(command), process.call_options(),
                           [&](auto answer) {
                             if (!answer.ok()) ++refused_count;
                             answered.one();
                           });
    }
  });
  answered.wait();
  arrived.wait();

  BOOST_TEST(refused_count == 0);
  std::map<std::string, std::vector<int>> seen;
  std::promise<void> looked;
  process.mirroring->inspect(
      [&](View& view) {
        auto rows = view.query("SELECT key, number FROM entry ORDER BY n");
        while (rows.next()) seen[rows.get<std::string>(0)].push_back(rows.get<int>(1));
      },
      [&](Status) { looked.set_value(); });
  looked.get_future().wait();
  for (const auto& [key, numbers] : seen) {
    BOOST_TEST(std::is_sorted(numbers.begin(), numbers.end()));
    // The last group may not be committed yet: what counts is that nothing is missing in between.
    for (std::size_t i = 0; i < numbers.size(); ++i) BOOST_TEST(numbers[i] == static_cast<int>(i));
  }
}

BOOST_AUTO_TEST_CASE(a_client_sees_its_own_writes) {
  std::atomic<int> missed = 0;
  Script script;
  Process process{script};
  on_client_threads([&](int client) {
    const std::string key = "k" + std::to_string(client);
    for (int i = 1; i <= 50; ++i) {
      std::promise<std::int64_t> sum;
      message::call<Added>(
          process.counting->endpoint(), Add{.key = key, .number = 1}, process.call_options(), [&](auto) {
            message::call<Sum>(process.counting->endpoint(), GetSum{.key = key}, process.call_options(),
                               [&](auto found) { sum.set_value(found.value().number); });
          });
      if (sum.get_future().get() != i) ++missed;
    }
  });
  BOOST_TEST(missed == 0);
}

BOOST_AUTO_TEST_CASE(whoever_asks_while_the_modules_stop_is_answered) {
  std::atomic<int> answered = 0;
  std::atomic<int> asked = 0;
  {
    Script script;
    Process process{script};
    std::promise<void> busy;
    std::thread client{[&] {
      for (int i = 0; i < 5000; ++i) {
        if (i == 1000) busy.set_value();
        ++asked;
        message::call<Added>(process.counting->endpoint(), Add{.key = "a"}, process.call_options(),
                             [&](auto) { ++answered; });
      }
    }};
    busy.get_future().wait();
    process.counting->stop();
    process.mirroring->stop();
    client.join();
  }
  BOOST_TEST(answered == asked);
}

BOOST_AUTO_TEST_SUITE_END()
