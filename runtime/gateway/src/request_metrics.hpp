#pragma once
#include <string>
#include <string_view>
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

/// How many requests are being answered now, by method. Threads: safe.
class ActiveRequests {
 public:
  explicit ActiveRequests(telemetry::Registry& registry);

  /// One request, for as long as this lives.
  class One {
   public:
    explicit One(telemetry::Gauge gauge) : gauge_(gauge) { gauge_.add(1); }
    ~One() { gauge_.add(-1); }
    One(const One&) = delete;
    One& operator=(const One&) = delete;

   private:
    telemetry::Gauge gauge_;
  };
  /// Methods that nobody serves count as one.
  telemetry::Gauge of(std::string_view method) const;

 private:
  std::vector<std::pair<std::string_view, telemetry::Gauge>> by_method_;
};

}  // namespace banyan::gateway
