#pragma once
#include <vector>

#include "banyan/telemetry/metrics.hpp"

namespace banyan::telemetry {

/// The kernel's figures about this process, under the names that every Prometheus client uses:
/// process_cpu_seconds_total, process_resident_memory_bytes, process_virtual_memory_bytes, process_open_fds,
/// process_max_fds, process_start_time_seconds. Read from /proc at each scrape; NaN where it can't be read.
class ProcessMetrics {
 public:
  explicit ProcessMetrics(Registry& registry);

 private:
  std::vector<Registry::Registration> registrations_;
};

}  // namespace banyan::telemetry
