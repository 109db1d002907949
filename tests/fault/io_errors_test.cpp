#define BOOST_TEST_MODULE fault_io_errors
#include "io_errors.hpp"

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <sstream>

#include "environment.hpp"

using namespace fault;

namespace {

/// The errors of a call of this kind, the likeliest first.
std::vector<int> errors_of(disk_call call) {
  switch (call) {
    case disk_open:
      return {EIO, EMFILE, ENOSPC, EROFS};
    case disk_write:
      return {EIO, ENOSPC, EDQUOT, EROFS};
    case disk_sync:
      return {EIO, ENOSPC, EDQUOT};
    case disk_allocate:
      return {ENOSPC, EIO};
    case disk_map:
      return {ENOMEM};
    case disk_truncate:
    case disk_remove:
    case disk_rename:
      return {EIO, EROFS};
    case disk_mkdir:
      return {ENOSPC, EROFS};
    default:
      return {EIO};
  }
}

constexpr unsigned burst = 20;
constexpr unsigned without_end = 0;

struct Plan {
  std::vector<IoTrial> trials;
  std::mt19937_64 engine;

  void add(Beginning beginning, disk_call call, unsigned first, unsigned times, int error) {
    trials.push_back({.beginning = beginning,
                      .fault = {.call = call, .first = first, .times = times, .error = error},
                      .seed = engine() % 1'000'000});
  }
};

std::size_t any_of(std::mt19937_64& engine, std::size_t count) { return engine() % count; }

constexpr std::array ways{1U, burst, without_end};

/// Of each kind of call any one, in any way.
void add_a_few(Plan& plan, Beginning beginning, const std::vector<unsigned>& calls) {
  for (int i = 0; i < disk_calls; ++i) {
    const auto call = static_cast<disk_call>(i);
    if (calls[call] == 0) continue;
    const auto errors = errors_of(call);
    const unsigned first = 1 + static_cast<unsigned>(any_of(plan.engine, calls[call]));
    const unsigned times = ways[any_of(plan.engine, ways.size())];
    plan.add(beginning, call, first, times, errors[any_of(plan.engine, errors.size())]);
  }
}

/// Each `step`-th call. Of kinds with few calls in each of the ways to fail; else the ways take turns, since
/// calls that follow on each other do much the same. The errors take turns as well.
void add_all(Plan& plan, Beginning beginning, const std::vector<unsigned>& calls, unsigned step) {
  constexpr unsigned few = 300;
  for (int i = 0; i < disk_calls; ++i) {
    const auto call = static_cast<disk_call>(i);
    const auto errors = errors_of(call);
    std::size_t turn = 0;
    for (unsigned n = 1; n <= calls[call]; n += step, ++turn) {
      for (std::size_t way = 0; way < ways.size(); ++way) {
        if (calls[call] > few && way != turn % ways.size()) continue;
        plan.add(beginning, call, n, ways[way], errors[(turn + turn / errors.size() + way) % errors.size()]);
      }
    }
  }
}

/// "killed sync:3:1:EIO seed 7", as it was printed.
IoTrial parse_trial(const std::string& text) {
  const std::size_t space = text.find(' ');
  const std::size_t seed = text.rfind(" seed ");
  if (space == std::string::npos || seed == std::string::npos) throw std::invalid_argument("FAULT_TRIAL");
  return {.beginning = text.starts_with("killed") ? Beginning::killed : Beginning::nothing,
          .fault = parse_disk_fault(text.substr(space + 1, seed - space - 1)),
          .seed = std::stoull(text.substr(seed + 6))};
}

std::vector<IoTrial> planned(const IoSweep& sweep) {
  if (const char* one = std::getenv("FAULT_TRIAL")) return {parse_trial(one)};
  const std::uint64_t seed = number_from_environment("FAULT_SEED", std::random_device{}());
  const auto step = static_cast<unsigned>(number_from_environment("FAULT_EVERY", 0));
  std::printf("FAULT_SEED=%" PRIu64 "\n", seed);
  Plan plan{.trials = {}, .engine = std::mt19937_64{seed}};
  for (const Beginning beginning : {Beginning::nothing, Beginning::killed}) {
    const auto calls = sweep.calls(beginning);
    if (step > 0) {
      add_all(plan, beginning, calls, step);
    } else {
      add_a_few(plan, beginning, calls);
    }
  }
  return plan.trials;
}

struct Tally {
  int runs = 0, failed = 0, ended = 0, told = 0, lost_power = 0, violated = 0;

  void add(const IoOutcome& outcome) {
    ++runs;
    failed += outcome.has_failed ? 1 : 0;
    ended += outcome.has_ended ? 1 : 0;
    told += outcome.was_told ? 1 : 0;
    lost_power += outcome.has_lost_power ? 1 : 0;
    violated += outcome.violations.empty() ? 0 : 1;
  }
};

void print(const std::vector<IoTrial>& trials, const std::vector<IoOutcome>& outcomes) {
  static constexpr const char* names[] = {DISK_CALL_NAMES};
  std::map<int, Tally> tallies;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    tallies[trials[i].fault.call].add(outcomes[i]);
    tallies[disk_calls].add(outcomes[i]);
  }
  std::puts("calls      runs failed  ended   told no-power violated");
  for (const auto& [call, tally] : tallies) {
    std::printf("%-9s %5d %6d %6d %6d %8d %8d\n", call == disk_calls ? "all" : names[call], tally.runs,
                tally.failed, tally.ended, tally.told, tally.lost_power, tally.violated);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(io_errors)

BOOST_AUTO_TEST_CASE(a_fault_is_written_as_it_is_read) {
  for (const char* text : {"sync:3:1:EIO", "open:120:0:EMFILE orders/", "stat:1:20:EIO"})
    BOOST_TEST(to_string(parse_disk_fault(text)) == text);
  for (const char* text : {"", "sync", "sink:1:1:EIO", "sync:1:1:ENOTHING"})
    BOOST_CHECK_THROW(parse_disk_fault(text), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(lose_nothing_that_was_answered_and_are_told_wherever_they_come) {
  const IoSweep sweep;
  const std::vector<IoTrial> trials = planned(sweep);
  std::vector<IoOutcome> outcomes(trials.size());
  const auto all = run_trials(trials.size(), [&](std::size_t i) {
    outcomes[i] = sweep.run(trials[i]);
    return outcomes[i].violations;
  });
  for (std::size_t i = 0; i < all.size(); ++i) {
    outcomes[i].violations = all[i];
    for (const auto& violation : all[i])
      BOOST_ERROR("FAULT_TRIAL='" + to_string(trials[i]) + "': " + violation);
  }
  print(trials, outcomes);
  const auto reached =
      std::ranges::count_if(outcomes, [](const auto& outcome) { return outcome.has_failed; });
  BOOST_TEST(2 * reached >= std::ssize(trials));  // else it proves little
}

BOOST_AUTO_TEST_SUITE_END()
