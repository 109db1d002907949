#pragma once
#include <functional>
#include <string>
#include <vector>

#include "banyan/resilience/guarded.hpp"
#include "banyan/telemetry/metrics.hpp"

namespace banyan::resilience {

/// The counters of the calls to one dependency.
struct GuardCounters {
  GuardCounters(telemetry::Registry& registry, const std::string& dependency);

  telemetry::Counter done;     ///< Answered with what was asked for.
  telemetry::Counter refused;  ///< Answered with a refusal of the callee.
  telemetry::Counter failed;   ///< Not answered, or not in time.
  telemetry::Counter open;     ///< Not made: the breaker is open.
  telemetry::Counter full;     ///< Not made: no place.
  telemetry::Counter expired;  ///< Not made: out of time.
  telemetry::Counter retries;
  telemetry::Histogram duration;
};

/// The figures that each scrape reads from a guard.
std::vector<telemetry::Registry::Registration> register_readings(telemetry::Registry& registry,
                                                                 const std::string& dependency,
                                                                 const Breaker& breaker,
                                                                 std::function<GuardStatus()> describe);

}  // namespace banyan::resilience
