#define BOOST_TEST_MODULE gateway
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "banyan/telemetry/names.hpp"
#include "library.hpp"

using namespace banyan;
using namespace banyan::gateway;
using namespace std::chrono_literals;

namespace {

http::Request keyed(const std::string& key, const std::string& body = "{}") {
  http::Request request = Edge::post(body);
  request.headers.set("Idempotency-Key", key);
  return request;
}

std::string count_of(const Edge& edge, const std::string& labels) {
  const std::string text = edge.metrics.render();
  const std::string name = "http_server_request_duration_seconds_count{" + labels + "} ";
  const std::size_t place = text.find(name);
  return place == std::string::npos
             ? "none"
             : text.substr(place + name.size(), text.find('\n', place) - place - name.size());
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_request, Edge)

BOOST_AUTO_TEST_CASE(without_a_route_is_not_found) {
  const auto response = get("/magazines");
  BOOST_TEST(response.status == 404);
  BOOST_TEST(member(response, "code") == "BNY-HTTP-404");
  BOOST_TEST(member(response, "instance") == "/magazines");
}

BOOST_AUTO_TEST_CASE(by_another_method_is_told_which_there_are) {
  const auto response = send({.method = "PUT", .path = "/books/1"});
  BOOST_TEST(response.status == 405);
  BOOST_TEST(header(response, "Allow") == "DELETE, GET, HEAD, PATCH");
  BOOST_TEST(member(response, "type") == "/problems/method-not-allowed");
}

BOOST_AUTO_TEST_CASE(by_head_is_one_by_get) {
  const auto response = send({.method = "HEAD", .path = "/books/1"});
  BOOST_TEST(response.status == 200);
  BOOST_TEST(header(response, "ETag") == "\"v7\"");
  BOOST_TEST(send({.method = "HEAD", .path = "/openapi.json"}).status == 200);
}

BOOST_AUTO_TEST_CASE(becomes_a_message_of_a_new_conversation_with_a_deadline) {
  BOOST_TEST(get("/books/1").status == 200);
  const message::Envelope& envelope = module.asked.back()->envelope;
  BOOST_TEST(!envelope.id.is_nil());
  BOOST_TEST((envelope.correlation_id == envelope.id));
  BOOST_TEST(envelope.causation_id.is_nil());
  BOOST_TEST(envelope.source == "gateway");
  BOOST_TEST(envelope.destination == "library");
  BOOST_TEST((envelope.time == clock.utc()));
  BOOST_TEST((envelope.deadline == clock.now() + GatewayOptions{}.request_timeout));
  BOOST_TEST(!module.idempotency.has_value());
}

BOOST_AUTO_TEST_CASE(is_answered_when_the_module_answers) {
  module.holds = true;
  const auto received = begin({.method = "GET", .path = "/books/1"});
  BOOST_TEST(!received->response.has_value());
  BOOST_TEST(!received->is_dropped);
  module.held.front()(message::Payload::of(Book{}));
  BOOST_TEST(received->response.value().status == 200);
}

BOOST_AUTO_TEST_CASE(that_the_module_drops_is_left_to_the_server) {
  module.holds = true;
  const auto received = begin({.method = "GET", .path = "/books/1"});
  module.held.clear();
  BOOST_TEST(received->is_dropped);
  BOOST_TEST(!received->response.has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(an_idempotency_key, Edge)

BOOST_AUTO_TEST_CASE(is_needed_where_the_contract_says_so) {
  http::Request request = post("{}");
  request.headers = {{"Content-Type", "application/json"}};
  BOOST_TEST(send(request).status == 400);
  BOOST_TEST(module.asked.empty());
}

BOOST_AUTO_TEST_CASE(is_the_same_with_and_without_quotes) {
  BOOST_TEST(send(keyed("8e03978e-40d5")).status == 201);
  const message::Idempotency bare = module.idempotency.value();
  BOOST_TEST(send(keyed("\"8e03978e-40d5\"")).status == 201);
  BOOST_TEST(module.idempotency.value().key == bare.key);
  BOOST_TEST(module.idempotency.value().fingerprint == bare.fingerprint);
}

BOOST_AUTO_TEST_CASE(is_refused_if_it_is_empty_too_long_or_not_visible) {
  BOOST_TEST(send(keyed(std::string(255, 'k'))).status == 201);
  for (const std::string& key :
       {std::string{}, std::string{"\"\""}, std::string(256, 'k'), std::string{"a b"}, std::string{"a\tb"},
        std::string{"schlüssel"}, std::string{"a\x7F"}}) {
    BOOST_TEST_CONTEXT(key) { BOOST_TEST(send(keyed(key)).status == 400); }
  }
  BOOST_TEST(module.asked.size() == 1U);
}

BOOST_AUTO_TEST_CASE(is_refused_if_there_are_two) {
  http::Request request = keyed("a");
  request.headers.add("idempotency-key", "b");
  BOOST_TEST(send(request).status == 400);
}

BOOST_AUTO_TEST_CASE(comes_with_a_fingerprint_of_the_whole_request) {
  const auto fingerprint = [this](const http::Request& request) {
    BOOST_TEST(send(request).status == 201);
    return module.idempotency.value().fingerprint;
  };
  const std::string first = fingerprint(keyed("a", R"({"title":"T"})"));
  BOOST_TEST(fingerprint(keyed("a", R"({"title":"T"})")) == first);
  BOOST_TEST(fingerprint(keyed("a", R"({"title":"U"})")) != first);
  BOOST_TEST(fingerprint(keyed("a", R"({"title": "T"})")) != first);
}

BOOST_AUTO_TEST_CASE(is_needed_to_guess_what_was_sent) {
  const auto idempotency = [this](const std::string& key) {
    BOOST_TEST(send(keyed(key, R"({"title":"secret"})")).status == 201);
    return module.idempotency.value();
  };
  const message::Idempotency first = idempotency("8e03978e-40d5");
  BOOST_TEST(first.key.find("8e03978e-40d5") == std::string::npos);
  const message::Idempotency second = idempotency("8e03978e-40d6");
  BOOST_TEST(second.key != first.key);
  BOOST_TEST(second.fingerprint != first.fingerprint);
}

BOOST_AUTO_TEST_CASE(holds_for_every_command_that_brings_one) {
  const auto change = [this](const char* condition) {
    return send({.method = "PATCH",
                 .path = "/books/1",
                 .headers = {{"Content-Type", "application/json"},
                             {"Idempotency-Key", "k"},
                             {"If-Match", condition}},
                 .body = R"({"title":"T"})"})
        .status;
  };
  BOOST_TEST(change("\"v7\"") == 200);
  const message::Idempotency first = module.idempotency.value();
  BOOST_TEST(change("\"v8\"") == 200);
  BOOST_TEST(module.idempotency.value().key == first.key);
  BOOST_TEST(module.idempotency.value().fingerprint != first.fingerprint);
}

BOOST_AUTO_TEST_CASE(is_of_no_account_for_a_question) {
  BOOST_TEST(send({.method = "GET", .path = "/books/1", .headers = {{"Idempotency-Key", "k"}}}).status ==
             200);
  BOOST_TEST(!module.idempotency.has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(a_trace, Edge)

BOOST_AUTO_TEST_CASE(goes_on_through_the_message_to_the_answer) {
  const std::string trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
  const std::string parent = "00-" + trace_id + "-00f067aa0ba902b7-01";
  const auto response = send({.method = "GET",
                              .path = "/books/1",
                              .headers = {{"traceparent", parent},
                                          {"tracestate", "rojo=1"},
                                          {"tracestate", "congo=2"},
                                          {"baggage", "tier = gold"}},
                              .remote = "127.0.0.1"});
  const message::Envelope& asked = module.asked.back()->envelope;
  const message::TraceContext& trace = asked.trace;
  BOOST_TEST(trace.trace_id_hex() == trace_id);
  BOOST_TEST(trace.span_id_hex() != "00f067aa0ba902b7");
  BOOST_TEST(header(response, "traceparent") == trace.to_traceparent());
  BOOST_TEST(asked.tracestate == "rojo=1,congo=2");
  BOOST_TEST(asked.baggage == "tier=gold");
}

BOOST_AUTO_TEST_CASE(begins_here_if_there_is_none_or_it_is_malformed) {
  for (const char* parent : {"", "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", "nonsense"}) {
    const auto response = send({.method = "GET",
                                .path = "/books/1",
                                .headers = {{"traceparent", parent}, {"tracestate", "rojo=1"}},
                                .remote = "127.0.0.1"});
    const auto trace = message::TraceContext::parse(header(response, "traceparent"));
    BOOST_REQUIRE(trace.has_value());
    BOOST_TEST((*trace == module.asked.back()->envelope.trace));
    BOOST_TEST(module.asked.back()->envelope.tracestate == "");
  }
}

BOOST_AUTO_TEST_CASE(begins_here_if_the_peer_is_none_that_is_trusted) {
  const std::string trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
  for (const char* remote : {"203.0.113.7", ""}) {
    send({.method = "GET",
          .path = "/books/1",
          .headers = {{"traceparent", "00-" + trace_id + "-00f067aa0ba902b7-01"},
                      {"tracestate", "rojo=1"},
                      {"baggage", "tier=gold"}},
          .remote = remote});
    const message::Envelope& asked = module.asked.back()->envelope;
    BOOST_TEST(asked.trace.is_valid());
    BOOST_TEST(asked.trace.trace_id_hex() != trace_id);
    BOOST_TEST(asked.tracestate + asked.baggage == "");
  }
}

BOOST_AUTO_TEST_CASE(takes_baggage_along_also_where_it_begins_and_drops_what_is_malformed) {
  for (const auto& [given, taken] : {std::pair{"tier=gold", "tier=gold"}, {"tier gold", ""}}) {
    const auto response =
        send({.method = "GET", .path = "/books/1", .headers = {{"baggage", given}}, .remote = "127.0.0.1"});
    BOOST_TEST(response.status == 200);
    BOOST_TEST(module.asked.back()->envelope.baggage == taken);
  }
}

BOOST_AUTO_TEST_CASE(is_in_problems_and_in_the_log) {
  const auto response = get("/magazines");
  const auto trace = message::TraceContext::parse(header(response, "traceparent"));
  BOOST_REQUIRE(trace.has_value());
  BOOST_TEST(member(response, "trace_id") == trace->trace_id_hex());
  const std::string line = lines.lines().back();
  BOOST_TEST(line.find("\"trace_id\":\"" + trace->trace_id_hex()) != std::string::npos);
  BOOST_TEST(line.find(R"("method":"GET","path":"/magazines","status":404)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(is_in_the_answers_of_pages) {
  BOOST_TEST(header(get("/openapi.json"), "traceparent") != "");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(metrics_of_requests, Edge)

BOOST_AUTO_TEST_CASE(are_by_route_and_status) {
  get("/books/1");
  get("/books/2");
  module.answer = Error{Errc::rejected, "library.lent_out"};
  get("/books/3");
  BOOST_TEST(metrics.render().find("http_route=\"/books\"") == std::string::npos);
  const std::string route =
      R"(http_request_method="GET",http_response_status_code="200",http_route="/books/{isbn}")";
  const std::string lent =
      R"(http_request_method="GET",http_response_status_code="423",http_route="/books/{isbn}")";
  BOOST_TEST(count_of(*this, route) == "2");
  BOOST_TEST(count_of(*this, lent) == "1");
}

BOOST_AUTO_TEST_CASE(count_what_has_no_route_and_what_is_malformed_together) {
  get("/a");
  get("/b");
  gateway.on_malformed(400, "because");
  const auto labels = [](int status) {
    return R"(http_request_method="none",http_response_status_code=")" + std::to_string(status) +
           R"(",http_route="none")";
  };
  BOOST_TEST(count_of(*this, labels(404)) == "2");
  BOOST_TEST(count_of(*this, labels(400)) == "1");
}

BOOST_AUTO_TEST_CASE(count_pages) {
  get("/openapi.json");
  BOOST_TEST(
      count_of(*this,
               R"(http_request_method="GET",http_response_status_code="200",http_route="/openapi.json")") ==
      "1");
}

BOOST_AUTO_TEST_CASE(tell_how_many_are_being_answered) {
  const auto active = [this](const char* method) {
    return metrics.gauge(telemetry::names::http_server_active_requests, {{"http_request_method", method}})
        .value();
  };
  module.holds = true;
  begin({.method = "GET", .path = "/books/1"});
  begin({.method = "GET", .path = "/books/2"});
  BOOST_TEST(active("GET") == 2);
  for (const auto& reply : module.held) reply(message::Payload::of(Book{}));
  module.held.clear();
  BOOST_TEST(active("GET") == 0);
  send({.method = "BREW", .path = "/books/1"});
  BOOST_TEST(active("_OTHER") == 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(pages)

BOOST_AUTO_TEST_CASE(get_the_values_of_their_path_and_may_answer_later) {
  std::optional<http::Responder> later;
  std::vector<std::string> values;
  Edge edge{{{"POST", "/admin/{module}/{seq}/retry",
              [&](const http::Request&, const std::vector<std::string>& given, http::Responder respond) {
                values = given;
                later = std::move(respond);
              }}}};
  const auto received = edge.begin({.method = "POST", .path = "/admin/orders/7/retry"});
  BOOST_TEST(!received->response.has_value());
  (*later)({.status = 204});
  (*later)({.status = 500});
  later.reset();
  BOOST_TEST(received->response.value().status == 204);
  BOOST_TEST(values == (std::vector<std::string>{"orders", "7"}), boost::test_tools::per_element());
  const std::string labels = R"(http_request_method="POST",http_response_status_code="204",)"
                             R"(http_route="/admin/{module}/{seq}/retry")";
  BOOST_TEST(count_of(edge, labels) == "1");
}

BOOST_AUTO_TEST_CASE(that_do_not_answer_leave_it_to_the_server) {
  Edge edge{{{"GET", "/silent", [](const auto&, const auto&, const auto&) {}}}};
  const auto received = edge.begin({.method = "GET", .path = "/silent"});
  BOOST_TEST(received->is_dropped);
}

BOOST_AUTO_TEST_CASE(that_only_look_are_not_worth_a_line_of_the_log) {
  const auto ok = [](const auto&, const auto&, const http::Responder& respond) { respond({}); };
  Edge edge{{{"GET", "/health", ok}, {"POST", "/change", ok}}};
  edge.get("/health");
  BOOST_TEST(edge.lines.lines().empty());
  edge.send({.method = "POST", .path = "/change"});
  BOOST_TEST(edge.lines.lines().size() == 1U);
}

BOOST_AUTO_TEST_CASE(and_requests_are_not_logged_if_nobody_wants_it) {
  Edge edge{{}, {.log_requests = false}};
  edge.get("/books/1");
  edge.get("/magazines");
  edge.gateway.on_malformed(400, "because");
  BOOST_TEST(edge.lines.lines().empty());
  edge.gateway.on_malformed(500, "no answer");
  BOOST_TEST(edge.lines.lines().size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(openapi)

BOOST_AUTO_TEST_CASE(is_served_as_one_document) {
  Edge edge;
  const auto response = edge.get("/openapi.json");
  BOOST_TEST(header(response, "Content-Type") == "application/json");
  BOOST_TEST(member(response, "openapi") == "3.1.0");
  BOOST_TEST(member(response, "paths") == R"({"/books":{}})");
}

BOOST_AUTO_TEST_CASE(is_the_union_of_all_documents) {
  const auto merged =
      merge_openapi({R"({"tags":[{"name":"a"}],"servers":[{"url":"/"}],"paths":{"/x":{"get":1}},)"
                     R"("components":{"schemas":{"A":1}}})",
                     R"({"tags":[{"name":"b"}],"servers":[{"url":"/"}],"paths":{"/x":{"post":2},"/y":{}},)"
                     R"("components":{"schemas":{"A":1,"B":2}}})"});
  BOOST_REQUIRE(merged.ok());
  const auto document = json::parse(merged.value());
  const auto part = [&](const char* name) { return json::to_string(*document.value().find(name)); };
  BOOST_TEST(part("paths") == R"({"/x":{"get":1,"post":2},"/y":{}})");
  BOOST_TEST(part("components") == R"({"schemas":{"A":1,"B":2}})");
  BOOST_TEST(part("tags") == R"([{"name":"a"},{"name":"b"}])");
  BOOST_TEST(part("servers") == R"([{"url":"/"}])");
}

BOOST_AUTO_TEST_CASE(of_nothing_is_a_document_without_paths) {
  const auto merged = merge_openapi({});
  BOOST_TEST(json::to_string(*json::parse(merged.value()).value().find("paths")) == "{}");
}

BOOST_AUTO_TEST_CASE(of_documents_that_clash_is_an_error_that_says_where) {
  const auto merged = merge_openapi(
      {R"({"paths":{"/x":{"get":{"summary":"a"}}}})", R"({"paths":{"/x":{"get":{"summary":"b"}}}})"});
  BOOST_REQUIRE(!merged.ok());
  BOOST_TEST(merged.error().reason() == "gateway.openapi_clash");
  BOOST_TEST(merged.error().detail() == "#/paths//x/get/summary");
}

BOOST_AUTO_TEST_CASE(of_what_is_no_json_is_an_error) { BOOST_TEST(!merge_openapi({"{"}).ok()); }

BOOST_AUTO_TEST_SUITE_END()
