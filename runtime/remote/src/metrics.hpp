#pragma once
#include <string>

#include "banyan/telemetry/names.hpp"

namespace banyan::remote {

/// The counters of one link. Threads: safe.
struct LinkMetrics {
  LinkMetrics(telemetry::Registry& registry, const std::string& producer, const std::string& subscriber)
      : LinkMetrics(registry, telemetry::Labels{{"producer", producer}, {"subscriber", subscriber}}) {}

  telemetry::Counter published;
  telemetry::Counter restarts;
  telemetry::Counter received;
  telemetry::Counter dropped;
  telemetry::Counter alarms;

 private:
  LinkMetrics(telemetry::Registry& registry, const telemetry::Labels& labels)
      : published(registry.counter(telemetry::names::link_published, labels)),
        restarts(registry.counter(telemetry::names::link_restarts, labels)),
        received(registry.counter(telemetry::names::link_received, labels)),
        dropped(registry.counter(telemetry::names::link_dropped, labels)),
        alarms(registry.counter(telemetry::names::link_alarms, labels)) {}
};

}  // namespace banyan::remote
