#pragma once
#include <string>
#include <utility>
#include <vector>

#include "banyan/telemetry/metrics.hpp"

namespace banyan::gateway {

/// How long the requests of one operation took, by status. The usual statuses have their histograms ready.
/// Threads: safe.
class RequestMetrics {
 public:
  RequestMetrics(telemetry::Registry& registry, std::string method, std::string route);
  void observe(int status, Duration took);

 private:
  telemetry::Histogram histogram(int status) const;

  telemetry::Registry* registry_;
  std::string method_;
  std::string route_;
  std::vector<std::pair<int, telemetry::Histogram>> usual_;
};

}  // namespace banyan::gateway
