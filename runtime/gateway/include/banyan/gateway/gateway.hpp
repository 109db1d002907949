#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "banyan/http/handler.hpp"
#include "banyan/http/networks.hpp"
#include "banyan/message/endpoint.hpp"
#include "banyan/message/http_binding.hpp"
#include "banyan/telemetry/log.hpp"
#include "banyan/telemetry/metrics.hpp"

namespace banyan::gateway {

/// One module behind the gateway. Both outlive it.
struct Service {
  const message::HttpBinding* binding = nullptr;
  message::Endpoint* endpoint = nullptr;
  /// For how long it is no use to ask it, as far as known: what a 503 tells as Retry-After.
  std::function<Duration()> refuses_for = nullptr;
};

/// An operation that no module answers: health, metrics, administration. May answer later.
struct Page {
  std::string method;
  std::string path;  ///< A template, as in OpenAPI.
  std::function<void(const http::Request&, const std::vector<std::string>& path_values, http::Responder)>
      serve;
};

struct GatewayOptions {
  Duration request_timeout = std::chrono::seconds{5};  ///< The deadline that every message gets.
  std::size_t idempotency_key_max = 255;               ///< Characters of an Idempotency-Key.
  std::size_t json_depth_max = 64;
  std::size_t json_elements_max = 10'000;
  bool log_requests = true;
  /// The peers whose traceparent, tracestate and baggage are believed; a request of others begins a trace.
  http::Networks trusted_peers = http::Networks::loopback();
};

/// HTTP in, messages out: matches a request with an OpenAPI operation, builds and validates the message that
/// the operation carries, asks the module, and says the answer in HTTP's words. Knows no module and no
/// business rule.
///
/// Serves besides: /openapi.json (all modules' documents as one) and /problems/<slug>.
/// Threads: safe.
class Gateway final : public http::Handler {
 public:
  Gateway(std::vector<Service> services, std::vector<Page> pages, const Clock& clock, Random& random,
          IdSource& ids, telemetry::Registry& metrics, telemetry::Log log, GatewayOptions options = {});
  ~Gateway() override;

  void on_request(http::Request request, http::Responder respond) override;
  http::Response on_malformed(int status, std::string_view reason) override;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// All documents as one: the union of their paths and components. A path or component that two of them
/// declare differently is internal "gateway.openapi_clash".
Result<std::string> merge_openapi(const std::vector<std::string_view>& documents);

}  // namespace banyan::gateway
