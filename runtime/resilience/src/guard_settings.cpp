#include "banyan/resilience/guard_settings.hpp"

#include <string>

namespace banyan::resilience {

using namespace std::chrono_literals;

void declare(config::Schema& schema, std::string_view dependency, GuardOptions& options) {
  const std::string section = "resilience." + std::string{dependency} + ".";
  schema.duration(section + "timeout", &options.timeout, {10ms, 10min}, "For one attempt of a call.");
  schema.integer(section + "attempts_max", &options.retry.attempts_max, {1, 10},
                 "Attempts of a call that may be repeated, the first one too.");
  schema.duration(section + "retry_delay", &options.retry.delay_base, {1ms, 1min},
                  "Longest wait before the second attempt; it doubles with each.");
  schema.duration(section + "retry_delay_max", &options.retry.delay_max, {1ms, 10min},
                  "Longest wait between attempts.");
  schema.integer(section + "retry_percent", &options.retry_budget.percent, {0, 100},
                 "Repeats for 100 requests.");
  schema.integer(section + "retry_burst", &options.retry_budget.burst, {0, 10'000},
                 "Repeats that may be saved up.");
  schema.integer(section + "breaker_percent", &options.breaker.failures_percent, {1, 100},
                 "Share of failed calls that opens the breaker.");
  schema.duration(section + "breaker_window", &options.breaker.window, {1s, 10min},
                  "How far back calls count for the breaker.");
  schema.integer(section + "breaker_calls_min", &options.breaker.calls_min, {1, 100'000},
                 "With fewer calls in the window the breaker stays closed.");
  schema.duration(section + "breaker_open", &options.breaker.open_for, {10ms, 1h},
                  "How long the breaker stays open before it lets trials pass.");
  schema.integer(section + "breaker_trials", &options.breaker.trials, {1, 1000},
                 "Trials that must succeed to close the breaker.");
  schema.integer(section + "concurrent_max", &options.bulkhead.concurrent_max, {1, 100'000},
                 "Calls under way.");
  schema.integer(section + "waiting_max", &options.bulkhead.waiting_max, {0, 100'000},
                 "Calls that wait for one of those to end.");
}

}  // namespace banyan::resilience
