#include "guard_metrics.hpp"

#include "banyan/telemetry/names.hpp"

namespace banyan::resilience {

namespace names = telemetry::names;

namespace {

telemetry::Counter calls(telemetry::Registry& registry, const std::string& dependency, const char* outcome) {
  return registry.counter(names::dependency_calls, {{"dependency", dependency}, {"outcome", outcome}});
}

}  // namespace

GuardCounters::GuardCounters(telemetry::Registry& registry, const std::string& dependency)
    : done(calls(registry, dependency, "done")),
      refused(calls(registry, dependency, "refused")),
      failed(calls(registry, dependency, "failed")),
      open(calls(registry, dependency, "open")),
      full(calls(registry, dependency, "full")),
      expired(calls(registry, dependency, "expired")),
      retries(registry.counter(names::dependency_retries, {{"dependency", dependency}})),
      duration(registry.histogram(names::dependency_call_duration, {{"dependency", dependency}})) {}

std::vector<telemetry::Registry::Registration> register_readings(telemetry::Registry& registry,
                                                                 const std::string& dependency,
                                                                 const Breaker& breaker,
                                                                 std::function<GuardStatus()> describe) {
  const telemetry::Labels labels{{"dependency", dependency}};
  std::vector<telemetry::Registry::Registration> readings;
  readings.push_back(registry.gauge(names::breaker_state, labels,
                                    [&breaker] { return static_cast<double>(breaker.snapshot().state); }));
  readings.push_back(registry.counter(names::breaker_opened, labels,
                                      [&breaker] { return static_cast<double>(breaker.snapshot().opened); }));
  readings.push_back(registry.gauge(names::bulkhead_running, labels,
                                    [describe] { return static_cast<double>(describe().running); }));
  readings.push_back(registry.gauge(names::bulkhead_waiting, labels,
                                    [describe] { return static_cast<double>(describe().waiting); }));
  return readings;
}

}  // namespace banyan::resilience
