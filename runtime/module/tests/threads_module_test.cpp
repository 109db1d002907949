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

/// The log of a module that is not there.
struct Elsewhere final : delivery::Publisher {
  void resume(const std::string&, const delivery::Position&) override {}
  void confirm(const std::string&, std::uint64_t) override {}
  bool is_flowing(const std::string&) const override { return true; }
  const message::Descriptor* find_type(std::string_view) const override { return nullptr; }
};

/// Both modules on real threads, as a host runs them.
struct Process {
  explicit Process(const Script& script) {
    for (const Module& module : {counter(script), mirror(script)}) registry.add(module.messages());
    counting = open(counter(script));
    mirroring = open(mirror(script));
    counting->feeds(interest_of(mirroring->definition(), counting->definition()), mirroring->subscriber());
    mirroring->listens_to("counter", counting->publisher());
    counting->listens_to("elsewhere", elsewhere);
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

  /// So many commands to counter, from a log of their own.
  void deliver_pays(std::uint64_t count) {
    delivery::Batch batch{.producer = "elsewhere", .epoch = ids.next()};
    for (std::uint64_t seq = 1; seq <= count; ++seq) {
      auto parcel = std::make_shared<const message::Parcel>(
          message::Parcel{call_options().envelope, message::Payload::of(Pay{.key = std::to_string(seq)})});
      batch.deliveries.push_back({.seq = seq, .hash = {}, .parcel = std::move(parcel)});
    }
    counting->subscriber().deliver(std::move(batch));
  }

  message::CallOptions call_options() {
    message::CallOptions options;
    options.envelope.id = ids.next();
    options.envelope.source = "test";
    options.envelope.time = clock.utc();
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
  Elsewhere elsewhere;
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

BOOST_AUTO_TEST_SUITE(preparations_on_a_thread_of_their_own)

BOOST_AUTO_TEST_CASE(of_a_long_batch_are_of_use_before_the_last_is_done) {
  std::atomic<int> prepared = 0;
  std::promise<void> first_handled;
  auto seen = first_handled.get_future();
  std::promise<bool> in_time;
  Script script;
  script["counter.pay.v1"] = [&, is_first = true]() mutable {
    if (std::exchange(is_first, false)) first_handled.set_value();
    return success();
  };
  script["prepare counter.pay.v1"] = [&] {
    if (++prepared == 64)
      in_time.set_value(seen.wait_for(std::chrono::seconds{10}) == std::future_status::ready);
    return success();
  };
  Process process{script};
  process.deliver_pays(64);
  BOOST_TEST(in_time.get_future().get());
}

BOOST_AUTO_TEST_CASE(that_run_when_the_module_stops_are_told_to_hurry) {
  std::promise<void> begun;
  std::promise<void> told;
  Script script;
  script["prepare counter.pay.v1"] = [&] {
    begun.set_value();
    told.get_future().wait();
    return Status{Error{Errc::unavailable, "test.cut"}};
  };
  script["hurry"] = [&] {
    told.set_value();
    return success();
  };
  Process process{script};
  process.deliver_pays(1);
  begun.get_future().wait();
  process.counting->stop();
}

BOOST_AUTO_TEST_CASE(that_have_not_begun_are_left_out_when_the_module_stops) {
  std::atomic<int> prepared = 0;
  std::promise<void> begun;
  std::promise<void> go_on;
  auto may_go_on = go_on.get_future();
  Script script;
  script["prepare counter.pay.v1"] = [&] {
    if (++prepared == 1) {
      begun.set_value();
      may_go_on.wait();
    }
    return success();
  };
  Process process{script};
  process.deliver_pays(100);
  begun.get_future().wait();
  std::thread stopping{[&] { process.counting->stop(); }};
  for (bool is_closed = false; !is_closed;) {  // until then what is asked waits behind the one that hangs
    const auto refused = std::make_shared<std::promise<void>>();
    message::call<Added>(process.counting->endpoint(), Pay{.key = "a"}, process.call_options(),
                         [refused](auto) { refused->set_value(); });
    is_closed = refused->get_future().wait_for(std::chrono::milliseconds{1}) == std::future_status::ready;
  }
  go_on.set_value();
  stopping.join();
  BOOST_TEST(prepared == 1);
}

BOOST_AUTO_TEST_SUITE_END()
