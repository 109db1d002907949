#include "banyan/gateway/gateway.hpp"

#include <algorithm>
#include <atomic>

#include "banyan/message/call.hpp"
#include "banyan/security/fingerprint.hpp"
#include "binding.hpp"
#include "caller.hpp"
#include "problems.hpp"
#include "request_metrics.hpp"
#include "routes.hpp"

namespace banyan::gateway {
namespace {

// An operation that a contract declares, or a page of our own.
struct Operation {
  const message::HttpRoute* route = nullptr;
  message::Endpoint* endpoint = nullptr;
  std::function<Duration()> refuses_for = nullptr;
  const Page* page = nullptr;
  std::string path = {};
  RequestMetrics metrics;
};

std::string_view unquoted(std::string_view text) {
  const bool is_quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return is_quoted ? text.substr(1, text.size() - 2) : text;
}

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x21 && c <= 0x7e; });
}

// A fingerprint of a request, by which its repeat is recognised. It contains the key, which only the client
// knows, so that a reader of the store cannot find out by guessing what was sent (a password, for example).
message::Idempotency kept_for(std::string_view key, const http::Request& request) {
  const std::string* condition = request.headers.find("If-Match");
  return {security::fingerprint({key}),
          security::fingerprint({key, request.method, request.path, request.query,
                                 condition == nullptr ? std::string_view{} : *condition, request.body})};
}

}  // namespace

struct Gateway::Parts {
  const Clock& clock;
  Random& random;
  IdSource& ids;
  telemetry::Registry& metrics;
  telemetry::Log log;
  GatewayOptions options;
  std::vector<Page> pages;
  std::vector<Operation> operations = {};
  Routes routes = {};
  RequestMetrics unrouted{metrics, "none", "none"};
  Problems problems = {};
  std::string openapi = {};
  ActiveRequests active{metrics};

  /// One request on its way to its answer.
  struct Exchange {
    Exchange(Parts& parts, http::Request r, http::Responder to)
        : request(std::move(r)),
          respond(std::move(to)),
          caller(read_caller(request, parts.options.trusted_peers)),
          trace(caller.span ? caller.span->child(parts.random) : message::TraceContext::start(parts.random)),
          began(parts.clock.now()),
          active(parts.active.of(request.method)) {}

    http::Request request;
    http::Responder respond;
    Caller caller;
    message::TraceContext trace;
    Instant began;
    ActiveRequests::One active;
    Operation* operation = nullptr;
  };

  /// Where a page's answer goes.
  class PageAnswer final : public http::AnswerSink {
   public:
    PageAnswer(Parts& parts, std::shared_ptr<Exchange> exchange)
        : parts_(parts), exchange_(std::move(exchange)) {}
    void answer(http::Response response) noexcept override {
      if (!is_answered_.test_and_set()) parts_.finish(*exchange_, std::move(response));
    }

   private:
    Parts& parts_;
    std::shared_ptr<Exchange> exchange_;
    std::atomic_flag is_answered_;
  };

  void add_services(const std::vector<Service>& services);
  void add_pages();
  void add_own_pages();
  void serve(std::shared_ptr<Exchange> exchange);
  void ask(const std::shared_ptr<Exchange>& exchange, const std::vector<std::string_view>& path_values);
  void finish(const Exchange& exchange, http::Response response);
  Problem problem_of(const Operation& operation, const Error& error) const;
  void fail(const Exchange& exchange, const Problem& problem);
  void fail(const Exchange& exchange, const Error& error);
  void write_log(const Exchange& exchange, int status, Duration took) const;
  std::variant<std::optional<message::Idempotency>, Problem> idempotency(const Exchange& exchange) const;
  message::CallOptions call_options(const Exchange& exchange) const;
};

Gateway::Gateway(std::vector<Service> services, std::vector<Page> pages, const Clock& clock, Random& random,
                 IdSource& ids, telemetry::Registry& metrics, telemetry::Log log, GatewayOptions options)
    : parts_(new Parts{clock, random, ids, metrics, std::move(log), options, std::move(pages)}) {
  parts_->add_services(services);
  parts_->add_own_pages();
  parts_->add_pages();
}

Gateway::~Gateway() = default;

void Gateway::on_request(http::Request request, http::Responder respond) {
  parts_->serve(std::make_shared<Parts::Exchange>(*parts_, std::move(request), std::move(respond)));
}

// 500 is not the peer's fault: a page, or what a module's answer was made into, has failed.
http::Response Gateway::on_malformed(int status, std::string_view reason) {
  parts_->unrouted.observe(status, Duration::zero());
  if (status == 500) {
    parts_->log.error("request failed", {{"what", reason}});
  } else if (parts_->options.log_requests) {
    parts_->log.info("request refused", {{"status", status}, {"what", reason}});
  }
  return to_response(http_problem(status, std::string{reason}), {}, {});
}

void Gateway::Parts::add_services(const std::vector<Service>& services) {
  std::vector<std::string_view> documents;
  for (const Service& service : services) {
    problems.add(*service.binding);
    documents.push_back(service.binding->openapi_json);
    for (const message::HttpRoute& route : service.binding->routes) {
      routes.add(route.method, route.path, operations.size());
      operations.push_back({.route = &route,
                            .endpoint = service.endpoint,
                            .refuses_for = service.refuses_for,
                            .path = std::string{route.path},
                            .metrics = {metrics, std::string{route.method}, std::string{route.path}}});
    }
  }
  auto merged = merge_openapi(documents);
  BANYAN_ASSERT(merged.ok());
  openapi = std::move(merged).value();
}

void Gateway::Parts::add_own_pages() {
  pages.push_back({"GET", "/openapi.json", [this](const auto&, const auto&, const http::Responder& respond) {
                     respond({.headers = {{"Content-Type", "application/json"}}, .body = openapi});
                   }});
  pages.push_back(
      {"GET", "/problems/{slug}", [this](const auto& request, const auto& values, const auto& respond) {
         std::string text = problems.explain(values.front());
         if (text.empty()) {
           return respond(to_response(http_problem(404, "no such problem"), request.path, {}));
         }
         respond({.headers = {{"Content-Type", "text/plain; charset=utf-8"}}, .body = std::move(text)});
       }});
}

void Gateway::Parts::add_pages() {
  for (const Page& page : pages) {
    routes.add(page.method, page.path, operations.size());
    operations.push_back({.page = &page, .path = page.path, .metrics = {metrics, page.method, page.path}});
  }
}

void Gateway::Parts::serve(std::shared_ptr<Exchange> exchange) {
  const http::Request& request = exchange->request;
  const std::string_view method = request.method == "HEAD" ? std::string_view{"GET"} : request.method;
  const auto match = routes.find(method, request.path);
  if (!match) {
    const auto allowed = routes.methods(request.path);
    if (allowed.empty()) return fail(*exchange, http_problem(404, "no such resource; see /openapi.json"));
    http::Response response =
        to_response(http_problem(405, "see Allow"), request.path, exchange->trace.trace_id_hex());
    std::string list;
    for (const std::string& one : allowed) list += (list.empty() ? "" : ", ") + one;
    response.headers.add("Allow", list);
    return finish(*exchange, std::move(response));
  }
  exchange->operation = &operations[match->index];
  if (const Page* page = exchange->operation->page) {
    const std::vector<std::string> values{match->values.begin(), match->values.end()};
    return page->serve(request, values, http::Responder{std::make_shared<PageAnswer>(*this, exchange)});
  }
  ask(exchange, match->values);
}

void Gateway::Parts::ask(const std::shared_ptr<Exchange>& exchange,
                         const std::vector<std::string_view>& path_values) {
  const message::HttpRoute& route = *exchange->operation->route;
  auto key = idempotency(*exchange);
  if (const auto* problem = std::get_if<Problem>(&key)) return fail(*exchange, *problem);
  auto made = to_message(route, exchange->request, path_values, options, problems);
  if (const auto* problem = std::get_if<Problem>(&made)) return fail(*exchange, *problem);

  message::CallOptions call = call_options(*exchange);
  call.idempotency = std::move(std::get<0>(key));
  exchange->operation->endpoint->submit(message::to_request(
      std::get<message::Payload>(std::move(made)), call, [this, exchange, &route](message::Reply reply) {
        if (!reply.ok()) return fail(*exchange, reply.error());
        finish(*exchange, to_response(route, exchange->request, reply.value()));
      }));
}

std::variant<std::optional<message::Idempotency>, Problem> Gateway::Parts::idempotency(
    const Exchange& exchange) const {
  const auto given = exchange.request.headers.all("Idempotency-Key");
  if (given.empty()) {
    if (exchange.operation->route->needs_idempotency_key) {
      return http_problem(400, "send an Idempotency-Key, so that a repeat is known to be one");
    }
    return std::optional<message::Idempotency>{};
  }
  const std::string_view key = unquoted(given.front());
  if (given.size() > 1 || key.empty() || key.size() > options.idempotency_key_max || !is_printable(key)) {
    return http_problem(400, "Idempotency-Key must be one text of 1 to " +
                                 std::to_string(options.idempotency_key_max) + " visible ASCII characters");
  }
  const bool changes_something = exchange.operation->route->message->kind == message::Kind::command;
  if (!changes_something) return std::optional<message::Idempotency>{};
  return std::optional{kept_for(key, exchange.request)};
}

message::CallOptions Gateway::Parts::call_options(const Exchange& exchange) const {
  message::CallOptions call;
  call.envelope.id = ids.next();
  call.envelope.source = "gateway";
  call.envelope.time = clock.utc();
  call.envelope.deadline = exchange.began + options.request_timeout;
  call.envelope.correlation_id = call.envelope.id;
  call.envelope.trace = exchange.trace;
  call.envelope.tracestate = exchange.caller.tracestate;
  call.envelope.baggage = exchange.caller.baggage;
  return call;
}

Problem Gateway::Parts::problem_of(const Operation& operation, const Error& error) const {
  Problem problem = problems.from(error);
  if (operation.refuses_for) {
    const auto wait = std::chrono::ceil<std::chrono::seconds>(operation.refuses_for());
    problem.retry_after = std::max(problem.retry_after, wait);
  }
  return problem;
}

void Gateway::Parts::fail(const Exchange& exchange, const Problem& problem) {
  finish(exchange, to_response(problem, exchange.request.path, exchange.trace.trace_id_hex()));
}

void Gateway::Parts::fail(const Exchange& exchange, const Error& error) {
  const Problem problem = problem_of(*exchange.operation, error);
  if (problem.is_ours) {
    log.with({exchange.trace.trace_id, exchange.trace.span_id})
        .error("request failed through a fault of ours", {{"path", exchange.request.path}, {"cause", error}});
  }
  fail(exchange, problem);
}

void Gateway::Parts::finish(const Exchange& exchange, http::Response response) {
  const Duration took = clock.now() - exchange.began;
  RequestMetrics& measured = exchange.operation == nullptr ? unrouted : exchange.operation->metrics;
  measured.observe(response.status, took);
  if (options.log_requests) write_log(exchange, response.status, took);
  response.headers.add("traceparent", exchange.trace.to_traceparent());
  exchange.respond(std::move(response));
}

// Health and metrics are asked for every few seconds: nobody wants to read that.
void Gateway::Parts::write_log(const Exchange& exchange, int status, Duration took) const {
  const bool is_probe = exchange.operation != nullptr && exchange.operation->page != nullptr &&
                        exchange.operation->page->method == "GET";
  const auto write = is_probe ? &telemetry::Log::debug : &telemetry::Log::info;
  const std::string parent = exchange.caller.span ? exchange.caller.span->span_id_hex() : std::string{};
  (log.with({exchange.trace.trace_id, exchange.trace.span_id}).*write)("request",
                                                                       {{"parent_span_id", parent},
                                                                        {"method", exchange.request.method},
                                                                        {"path", exchange.request.path},
                                                                        {"status", status},
                                                                        {"duration_ms", took}});
}

}  // namespace banyan::gateway
