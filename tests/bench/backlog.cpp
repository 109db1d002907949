// A subscriber that was away has 100,000 events to catch up with: how fast against the rate while it keeps
// up, and in how much memory.
#include <atomic>
#include <thread>

#include "balances.hpp"
#include "bench.hpp"
#include "pipeline.hpp"
#include "process.hpp"

namespace {

using namespace banyan;
using namespace bench;

constexpr std::size_t in_flight = 1024;
constexpr double growth_mib_max = 64;

/// Leads to the subscriber while there is one.
class Valve final : public delivery::Subscriber {
 public:
  void lead_to(delivery::Subscriber* subscriber) { to_ = subscriber; }
  void deliver(delivery::Batch batch) override {
    if (delivery::Subscriber* to = to_) to->deliver(std::move(batch));
  }

 private:
  std::atomic<delivery::Subscriber*> to_ = nullptr;
};

class Backlog {
 public:
  Backlog() : producer_(process_.open(ledger::module())) {
    producer_->feeds(module::interest_of(balances::module(), ledger::module()), valve_);
    producer_->start();
  }
  ~Backlog() { stop_subscriber(); }

  void start_subscriber() {
    subscriber_ = process_.open(balances::module());
    subscriber_->listens_to("ledger", producer_->publisher());
    valve_.lead_to(&subscriber_->subscriber());
    subscriber_->start();
  }

  void stop_subscriber() {
    if (!subscriber_) return;
    valve_.lead_to(nullptr);
    subscriber_->stop();
    subscriber_.reset();
  }

  void produce(std::size_t count) {
    run_pipelined(count, in_flight, [&](std::size_t number, auto done) {
      message::call<ledger::Recorded>(producer_->endpoint(),
                                      ledger::Record{"account-" + std::to_string(number % 1000),
                                                     static_cast<std::int64_t>(number), "a transfer"},
                                      process_.call_options(),
                                      [done](const Result<ledger::Recorded>& answered) {
                                        BANYAN_ASSERT(answered.ok());
                                        done();
                                      });
    });
  }

  static void wait_for(std::size_t handled) {
    while (balances::handled < handled) std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }

 private:
  Process process_;
  Valve valve_;
  std::unique_ptr<module::Instance> producer_;
  std::unique_ptr<module::Instance> subscriber_;
};

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse_options(argc, argv);
  const std::size_t count = options.pick(2'000, 100'000, 100'000);
  double growth = 0;
  std::size_t expected = 0;
  const auto figures = compare(
      options,
      [&] {
        Backlog backlog;
        backlog.produce(count);
        const double before = resident_mib();
        const auto start = std::chrono::steady_clock::now();
        backlog.start_subscriber();
        Backlog::wait_for(expected += count);
        const double drained = rate(count, start);
        growth = std::max(growth, resident_mib() - before);
        return drained;
      },
      [&] {
        Backlog backlog;
        backlog.start_subscriber();
        const auto start = std::chrono::steady_clock::now();
        backlog.produce(count);
        Backlog::wait_for(expected += count);
        return rate(count, start);
      });
  report("backlog", "events/s", figures, {0.5});
  report("backlog, memory while it drains", "MiB", {growth, growth_mib_max, growth / growth_mib_max},
         {1, Target::Bound::at_most});
}
