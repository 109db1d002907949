#include "io_errors.hpp"

#include <random>
#include <stdexcept>
#include <thread>

#include "acceptance/small_shop.hpp"

namespace fault {

using namespace acceptance;
using namespace std::chrono_literals;
using std::string;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int orders = 6;
constexpr int orders_before = 4;
/// For an order, or for messages under way: not much more than the pause after a failure, to see it early.
constexpr std::chrono::milliseconds patience = 2s;
/// For all to be well again.
constexpr std::chrono::milliseconds recovery = 20s;
/// Rows that all have are removed once a second.
constexpr std::chrono::milliseconds until_rows_are_removed = 1200ms;

constexpr int could_not_start = 1;
constexpr int software_error = 70;

Stream first_orders_of(Stream stream, int count) {
  stream.orders.resize(static_cast<std::size_t>(count));
  return stream;
}

}  // namespace

string to_string(const IoTrial& trial) {
  return string{trial.beginning == Beginning::nothing ? "nothing " : "killed "} + to_string(trial.fault) +
         " seed " + std::to_string(trial.seed);
}

/// A trial while it runs.
class IoSweep::Run {
 public:
  Run(const IoSweep& sweep, const IoTrial& trial, const std::optional<DiskFault>& fault)
      : sweep_(sweep),
        trial_(trial),
        before_(trial.beginning == Beginning::nothing ? Tree{} : sweep.killed_),
        answers_(trial.beginning == Beginning::nothing ? Answers{} : sweep.answers_),
        shop_(sweep_settings()),
        disk_(disk_of(shop_), fault) {
    write_tree(before_, disk_of(shop_));
  }

  IoOutcome run();
  std::vector<unsigned> count();

 private:
  void note(const string& violation) { outcome_.violations.push_back(violation); }
  bool sell_all();
  bool sell_on_failing_disk();
  void sell_on_mended_disk();
  void end();
  void check_end();
  Violations audit_files();

  const IoSweep& sweep_;
  const IoTrial& trial_;
  const Tree before_;
  Answers answers_;
  ShopProcess shop_;
  FaultyDisk disk_;
  string failure_;  ///< Why the last attempt to sell ended.
  IoOutcome outcome_;
};

IoOutcome IoSweep::Run::run() {
  shop_.launch(disk_.environment());
  if (shop_.serves()) {
    const bool is_sold = sell_on_failing_disk();
    disk_.mend();
    if (!is_sold && !outcome_.has_ended) sell_on_mended_disk();
  } else {
    outcome_.has_ended = true;
  }
  outcome_.has_failed = disk_.failed() > 0;
  if (outcome_.has_ended) check_end();
  const bool is_worth_an_audit = outcome_.has_failed || !outcome_.violations.empty();
  if (!is_worth_an_audit) return std::move(outcome_);
  end();
  for (const string& violation : audit_files()) note(violation);
  if (!outcome_.violations.empty()) note("log: " + shop_.log());
  return std::move(outcome_);
}

/// False if something failed. Repeats what was answered before.
bool IoSweep::Run::sell_all() {
  try {
    sell(shop_, sweep_.stream_, 1, answers_, patience);
    return true;
  } catch (const std::exception& failure) {
    failure_ = failure.what();
    return false;
  }
}

// A passing fault must not need an operator; a lasting one has to be told. Returns whether all was sold.
bool IoSweep::Run::sell_on_failing_disk() {
  const bool is_passing = trial_.fault.times != 0;
  const auto end = Clock::now() + recovery;
  while (!sell_all()) {
    outcome_.has_ended = shop_.ends_within(10ms);
    if (outcome_.has_ended) return false;
    const SaidHealth health = ask_health(shop_);
    const bool is_told = !health.is_ok && !health.text.empty();
    outcome_.was_told = outcome_.was_told || is_told;
    if (is_told && !is_passing) return false;
    if (Clock::now() < end) continue;
    note("it does not go on: " + failure_ + "; health: " + health.text);
    return false;
  }
  return true;
}

void IoSweep::Run::sell_on_mended_disk() {
  const auto end = Clock::now() + recovery;
  while (!sell_all()) {
    outcome_.has_ended = shop_.ends_within(10ms);
    if (outcome_.has_ended) return;
    if (Clock::now() < end) continue;
    return note("it does not go on when the disk is well again: " + failure_ +
                "; health: " + ask_health(shop_).text);
  }
}

void IoSweep::Run::check_end() {
  const bool is_an_end_that_is_documented =
      shop_.status() == could_not_start || shop_.status() == software_error;
  if (!is_an_end_that_is_documented) note("it ended with status " + std::to_string(shop_.status()));
  if (shop_.log().empty()) note("it ended without a word");
}

void IoSweep::Run::end() {
  outcome_.has_lost_power = std::mt19937_64{trial_.seed}() % 2 == 0;
  if (outcome_.has_ended) return;
  if (outcome_.has_lost_power) return shop_.kill();
  try {
    if (shop_.stop() != 0) note("it stops with status " + std::to_string(shop_.status()));
  } catch (const std::exception& failure) {
    note(failure.what());
  }
}

Violations IoSweep::Run::audit_files() {
  if (!outcome_.has_lost_power) return audit(shop_, sweep_.stream_, 1, answers_);
  const PowerLoss loss{disk_of(shop_), before_, disk_.trace()};
  ShopProcess after{sweep_settings()};
  write_tree(loss.image(loss.records(), trial_.seed), disk_of(after));
  return audit(after, sweep_.stream_, 1, answers_);
}

std::vector<unsigned> IoSweep::Run::count() {
  shop_.launch(disk_.environment());
  if (!shop_.serves() || !sell_all()) throw std::runtime_error("nothing fails, and yet: " + failure_);
  shop_.kill();
  std::vector<unsigned> calls;
  for (int call = 0; call < disk_calls; ++call) calls.push_back(disk_.calls(static_cast<disk_call>(call)));
  return calls;
}

IoSweep::IoSweep() : stream_(small_stream(orders)) {
  ShopProcess shop{sweep_settings()};
  shop.start();
  const Stream first = first_orders_of(stream_, orders_before / 2);
  sell(shop, first, 1, answers_, recovery);
  std::this_thread::sleep_for(until_rows_are_removed);
  const Stream second = first_orders_of(stream_, orders_before);
  sell(shop, second, 1, answers_, recovery);
  shop.kill();
  killed_ = read_tree(disk_of(shop));
  killed_.erase("log");
}

IoOutcome IoSweep::run(const IoTrial& trial) const { return Run{*this, trial, trial.fault}.run(); }

std::vector<unsigned> IoSweep::calls(Beginning beginning) const {
  const IoTrial trial{.beginning = beginning, .fault = {}, .seed = 0};
  return Run{*this, trial, std::nullopt}.count();
}

}  // namespace fault
