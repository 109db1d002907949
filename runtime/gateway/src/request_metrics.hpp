#pragma once
#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "banyan/telemetry/metrics.hpp"

namespace banyan::gateway {

/// How long the requests of one operation took, by status. A status is measured from its first answer on:
/// most operations never give most of them. Threads: safe.
class RequestMetrics {
 public:
  RequestMetrics(telemetry::Registry& registry, std::string method, std::string route);
  void observe(int status, Duration took);

 private:
  static constexpr std::array usual_statuses{200, 201, 202, 204, 304, 400, 404, 409, 422, 503};
  /// A status whose histogram is looked up once.
  struct Usual {
    std::once_flag is_known;
    std::optional<telemetry::Histogram> histogram;
  };

  telemetry::Histogram histogram(int status) const;

  telemetry::Registry* registry_;
  std::string method_;
  std::string route_;
  std::unique_ptr<std::array<Usual, usual_statuses.size()>> usual_;
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
