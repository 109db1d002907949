#include "request_metrics.hpp"

#include <algorithm>

#include "banyan/telemetry/names.hpp"

namespace banyan::gateway {

RequestMetrics::RequestMetrics(telemetry::Registry& registry, std::string method, std::string route)
    : registry_(&registry),
      method_(std::move(method)),
      route_(std::move(route)),
      usual_(std::make_unique<std::array<Usual, usual_statuses.size()>>()) {}

void RequestMetrics::observe(int status, Duration took) {
  const auto place = std::find(usual_statuses.begin(), usual_statuses.end(), status);
  if (place == usual_statuses.end()) return histogram(status).observe(took);
  Usual& usual = (*usual_)[static_cast<std::size_t>(place - usual_statuses.begin())];
  std::call_once(usual.is_known, [&] { usual.histogram = histogram(status); });
  usual.histogram->observe(took);
}

telemetry::Histogram RequestMetrics::histogram(int status) const {
  return registry_->histogram(telemetry::names::http_server_request_duration,
                              {{"http_request_method", method_},
                               {"http_route", route_},
                               {"http_response_status_code", std::to_string(status)}});
}

ActiveRequests::ActiveRequests(telemetry::Registry& registry) {
  for (const std::string_view method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "_OTHER"}) {
    by_method_.emplace_back(method, registry.gauge(telemetry::names::http_server_active_requests,
                                                   {{"http_request_method", std::string{method}}}));
  }
}

telemetry::Gauge ActiveRequests::of(std::string_view method) const {
  for (const auto& [known, gauge] : by_method_) {
    if (known == method) return gauge;
  }
  return by_method_.back().second;
}

}  // namespace banyan::gateway
