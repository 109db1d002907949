#define BOOST_TEST_MODULE security_bad_input
#include <signal.h>

#include <boost/test/unit_test.hpp>
#include <set>
#include <sstream>
#include <vector>

#include "bad_requests.hpp"
#include "banyan/json/parse.hpp"
#include "banyan/testing/child_process.hpp"
#include "banyan/testing/temporary_directory.hpp"
#include "raw_http.hpp"

using namespace banyan;
using namespace security;

namespace {

/// The shop with all its modules as a process of its own, and one customer.
struct Shop {
  Shop()
      : child{{BANYAN_PROGRAM, "--data-dir", disk.path() + "/data", "--listen", "127.0.0.1:0",
               "--admin-listen", "127.0.0.1:0"},
              {{"BANYAN_HTTP_HEADER_TIMEOUT", "200ms"}, {"BANYAN_HTTP_BODY_TIMEOUT", "200ms"}}} {
    const std::string serving = child.read_line().value_or("");
    port = static_cast<std::uint16_t>(std::stoi(serving.substr(serving.rfind(':') + 1)));
    const RawAnswer answer = send(post("/v1/customers", customer("first@example.com"), "baseline"));
    BOOST_REQUIRE(answer.status == 201);
    me = text_of(answer.body, "customer_id");
  }

  RawAnswer send(const std::string& bytes) const { return converse(port, bytes); }

  /// A member of a document, as text; empty if it is not there.
  static std::string text_of(const std::string& document, std::string_view name) {
    const auto parsed = json::parse(document);
    const json::Value* value = parsed.ok() ? parsed.value().find(name) : nullptr;
    if (value == nullptr) return {};
    if (const auto* number = value->if_a<std::int64_t>()) return std::to_string(*number);
    const auto* text = value->if_a<std::string>();
    return text == nullptr ? std::string{} : *text;
  }
  static std::string first_pointer(const std::string& problem) {
    const auto parsed = json::parse(problem);
    const json::Value* errors = parsed.ok() ? parsed.value().find("errors") : nullptr;
    if (errors == nullptr) return {};
    return *errors->if_a<json::Array>()->front().find("pointer")->if_a<std::string>();
  }

  void check(const BadRequest& bad) const {
    const RawAnswer answer = send(bad.bytes);
    BOOST_TEST(answer.status == bad.status, answer.status << ' ' << answer.body);
    BOOST_TEST(answer.field("Content-Type") == "application/problem+json");
    BOOST_TEST(text_of(answer.body, "type") == "/problems/" + bad.type);
    BOOST_TEST(text_of(answer.body, "status") == std::to_string(bad.status));
    BOOST_TEST(text_of(answer.body, "code").starts_with("BNY-"));
    BOOST_TEST(text_of(answer.body, "title") != "");
    BOOST_TEST(first_pointer(answer.body) == bad.pointer);
  }

  testing::TemporaryDirectory disk;
  testing::ChildProcess child;
  std::uint16_t port = 0;
  std::string me;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(bad_input, Shop)

BOOST_AUTO_TEST_CASE(is_refused_by_status_type_and_pointer) {
  const auto table = bad_requests(me);
  BOOST_TEST(table.size() >= 60U);
  std::set<std::string> types;
  for (const BadRequest& bad : table) {
    BOOST_TEST_CONTEXT(bad.what) { check(bad); }
    types.insert(bad.type);
  }
  for (const std::string& type : types) {
    BOOST_TEST(send(get("/problems/" + type)).status == 200, "/problems/" << type);
  }
}

BOOST_AUTO_TEST_CASE(leaves_no_trace_in_the_shop) {
  for (const BadRequest& bad : bad_requests(me)) send(bad.bytes);
  BOOST_TEST(send(get("/health/ready")).status == 200);
  const std::string customers = send(get("/v1/customers")).body;
  BOOST_TEST(customers.find("Maria Anders") == customers.rfind("Maria Anders"));
  BOOST_TEST(customers.find(R"("version":1)") != std::string::npos);
  BOOST_TEST(send(get("/v1/products")).body == R"({"items":[]})");
}

BOOST_AUTO_TEST_CASE(is_told_to_the_log_as_json_and_as_nothing_worse_than_that) {
  for (const BadRequest& bad : bad_requests(me)) send(bad.bytes);
  child.signal(SIGTERM);
  BOOST_TEST(child.wait() == 0);
  std::istringstream log{child.errors()};
  std::vector<std::string> worse;
  for (std::string line; std::getline(log, line);) {
    if (text_of(line, "level") != "info") worse.push_back(text_of(line, "message"));
  }
  const std::vector<std::string> of_the_start{"new stores"};  // said once, before any request
  BOOST_TEST(worse == of_the_start, boost::test_tools::per_element());
}

// The rows without their faults.
BOOST_AUTO_TEST_CASE(differs_from_good_input) {
  const RawAnswer added =
      send(post("/v1/products", product(R"({"amount_minor":1800,"currency":"USD"})"), "p"));
  BOOST_TEST(added.status == 201, added.body);
  const std::string line = R"({"product_id":")" + text_of(added.body, "product_id") + R"(","quantity":1})";
  std::string placed = order(line, R"(,"freight":{"amount_minor":5,"currency":"USD"})");
  placed.replace(placed.find("01939c5a"), 36, me);
  const RawAnswer accepted = send(post("/v1/orders", placed, "o"));
  BOOST_TEST(accepted.status == 202, accepted.body);
  BOOST_TEST(send(get(accepted.field("Location"))).status == 200);
  BOOST_TEST(send(get("/v1/orders?limit=100&customer_id=" + me)).status == 200);
  BOOST_TEST(send(get("/v1/search/products?q=chai")).status == 200);
  const std::string body = R"({"name":"B"})";
  const RawAnswer changed = send(
      "PATCH /v1/customers/" + me + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nIf-Match: \"v1\"\r\n" +
      "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  BOOST_TEST(changed.status == 200, changed.body);
}

BOOST_AUTO_TEST_SUITE_END()
