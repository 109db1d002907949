#define BOOST_TEST_MODULE shop_rest
#include <boost/test/unit_test.hpp>

#include <deque>
#include <mutex>

#include "banyan/base/clock.hpp"
#include "banyan/http/server.hpp"
#include "shop/rest/shop.hpp"

using namespace std::chrono_literals;
using banyan::Errc;
using shop::rest::Endpoint;
using shop::rest::parse_url;
using shop::rest::Shop;
namespace http = banyan::http;

namespace {

/// Gives the prepared answers in turn and notes what was asked.
class Script final : public http::Handler {
 public:
  void on_request(http::Request request, http::Responder respond) override {
    const std::lock_guard lock{mutex_};
    requests_.push_back(std::move(request));
    http::Response answer = answers_.front();
    answers_.pop_front();
    respond(std::move(answer));
  }
  void answer(int status, std::string body) {
    const std::lock_guard lock{mutex_};
    answers_.push_back({.status = status, .body = std::move(body)});
  }
  std::vector<http::Request> requests() {
    const std::lock_guard lock{mutex_};
    return requests_;
  }

 private:
  std::mutex mutex_;
  std::deque<http::Response> answers_;  // guarded by mutex_, like requests_
  std::vector<http::Request> requests_;
};

/// Something to send.
shop::rest::NewOrder some_order() {
  return {.customer_id = "c",
          .lines = {{.product_id = "p", .quantity = 2}},
          .ship_to = {.name = "n", .street = "s", .city = "t", .country = "y"},
          .payment_method = "tok_visa"};
}

struct Server {
  Server() { BOOST_REQUIRE(server.start().ok()); }

  Shop shop(int attempts_max = 1) {
    return Shop{Endpoint{.port = server.port()}, {.attempts_max = attempts_max, .retry_delay = 1ms}};
  }

  banyan::SystemClock clock;
  Script script;
  http::Server server{script, clock, {.port = 0}};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(url)

BOOST_AUTO_TEST_CASE(names_an_address_and_a_port) {
  for (const char* text : {"http://127.0.0.1:8080", "http://127.0.0.1:8080/"}) {
    const auto endpoint = parse_url(text);
    BOOST_REQUIRE(endpoint.ok());
    BOOST_TEST(endpoint.value().address == "127.0.0.1");
    BOOST_TEST(endpoint.value().port == 8080);
  }
}

BOOST_AUTO_TEST_CASE(is_refused_if_it_is_anything_else) {
  for (const char* text : {"", "127.0.0.1:8080", "https://127.0.0.1:8080", "http://127.0.0.1", "http://:8080",
                           "http://127.0.0.1:0", "http://127.0.0.1:65536", "http://127.0.0.1:80x"}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(parse_url(text).error().reason() == "rest.bad_url"); }
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(client, Server)

BOOST_AUTO_TEST_CASE(reads_all_pages_of_a_list) {
  script.answer(200, R"({"items":[{"customer_id":"1","email":"a@b.c"}],"next_cursor":"a/b"})");
  script.answer(200, R"({"items":[{"customer_id":"2","email":"d@e.f"}]})");

  const auto customers = shop().customers();

  BOOST_REQUIRE(customers.ok());
  BOOST_REQUIRE(customers.value().size() == 2);
  BOOST_TEST(customers.value()[1].customer_id == "2");
  BOOST_TEST(script.requests()[0].query == "limit=100");
  BOOST_TEST(script.requests()[1].query == "limit=100&cursor=a%2Fb");
}

BOOST_AUTO_TEST_CASE(tells_a_problem_by_its_code) {
  script.answer(422, R"({"title":"No","status":422,"code":"BNY-orders.unknown_customer","detail":"who?"})");

  const auto placed = shop(3).place_order(some_order(), {"key"});

  BOOST_REQUIRE(!placed.ok());
  BOOST_TEST((placed.error() == banyan::Error{Errc::rejected, "orders.unknown_customer"}));
  BOOST_TEST(placed.error().detail() == "who?");
}

BOOST_AUTO_TEST_CASE(sends_what_was_not_answered_again_under_the_same_key) {
  script.answer(503, R"({"title":"Busy","status":503,"code":"BNY-actor.mailbox_full"})");
  script.answer(409, R"({"title":"Wait","status":409,"code":"BNY-idempotency.in_flight"})");
  script.answer(202, R"({"order_id":"o","status":"placed"})");

  const auto placed = shop(3).place_order(some_order(), {"key"});

  BOOST_REQUIRE(placed.ok());
  BOOST_TEST(placed.value() == "o");
  const auto requests = script.requests();
  BOOST_REQUIRE(requests.size() == 3);
  for (const auto& request : requests) {
    BOOST_TEST(*request.headers.find("Idempotency-Key") == "key");
    BOOST_TEST(request.body == requests[0].body);
  }
}

BOOST_AUTO_TEST_CASE(gives_up_after_so_many_attempts) {
  for (int i = 0; i < 2; ++i) script.answer(503, "");

  BOOST_TEST((shop(2).product("p").error().code() == Errc::unavailable));
  BOOST_TEST(script.requests().size() == 2);
}

BOOST_AUTO_TEST_CASE(does_not_try_a_refusal_again) {
  script.answer(409, R"({"title":"No","status":409,"code":"BNY-orders.already_shipped"})");

  BOOST_TEST((shop(5).cancel_order("o", "why", {"key"}).error().reason() == "orders.already_shipped"));
  BOOST_TEST(script.requests().size() == 1);
}

BOOST_AUTO_TEST_CASE(says_what_is_wrong_with_an_answer) {
  script.answer(200, R"({"order_id":"o","state":7})");

  const auto reservation = shop().reservation("o");

  BOOST_TEST(reservation.error().reason() == "rest.bad_answer");
  BOOST_TEST(reservation.error().detail() == "#/state must be a string");
}

BOOST_AUTO_TEST_CASE(waits_until_an_order_is_settled) {
  script.answer(200, R"({"order_id":"o","status":"placed"})");
  script.answer(200, R"({"order_id":"o","status":"cancelling"})");
  script.answer(200, R"({"order_id":"o","status":"cancelled","cancel_code":"inventory.out_of_stock"})");

  const auto order = shop().settled_order("o", 10s);

  BOOST_REQUIRE(order.ok());
  BOOST_TEST(order.value().cancel_code.value() == "inventory.out_of_stock");
}

BOOST_AUTO_TEST_CASE(does_not_wait_for_ever) {
  for (int i = 0; i < 100; ++i) script.answer(200, R"({"order_id":"o","status":"placed"})");

  BOOST_TEST(shop().settled_order("o", 10ms).error().reason() == "rest.not_settled");
}

BOOST_AUTO_TEST_CASE(reads_the_health_of_a_process_that_is_not_well) {
  script.answer(503, R"({"modules":[{"module":"orders","status":"store.full","waiting_commands":0,
                                     "waiting_queries":0,"outbox_depth":3,"parked":1,"dead_letters":2}],
                         "status":"degraded"})");

  const auto health = shop().health();

  BOOST_REQUIRE(health.ok());
  BOOST_TEST(health.value().front().status == "store.full");
  BOOST_TEST(health.value().front().outbox_depth == 3);
}

BOOST_AUTO_TEST_SUITE_END()
