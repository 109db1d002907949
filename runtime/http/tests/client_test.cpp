#define BOOST_TEST_MODULE http_client
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <optional>

#include "banyan/base/clock.hpp"
#include "banyan/http/client.hpp"
#include "banyan/http/server.hpp"
#include "scripted_handler.hpp"

using namespace banyan;
using namespace std::chrono_literals;
using http::testing::ScriptedHandler;

namespace {

struct Running {
  SystemClock clock;
  ScriptedHandler handler;
  std::optional<http::Server> server;

  explicit Running(std::uint16_t port = 0, Duration idle_timeout = 60s) {
    server.emplace(handler, clock, http::Server::Options{.port = port, .idle_timeout = idle_timeout});
    BOOST_REQUIRE(server->start().ok());
  }
};

http::Request request(std::string method, std::string path, std::string body = {}) {
  return {.method = std::move(method), .path = std::move(path), .body = std::move(body)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(a_client)

BOOST_AUTO_TEST_CASE(sends_requests_over_one_connection) {
  Running running;
  http::Client client{{.port = running.server->port()}};
  for (int i = 0; i < 3; ++i) {
    const auto answer = client.send({.method = "POST", .path = "/a", .query = "b=c", .body = "hello"});
    BOOST_REQUIRE(answer.ok());
    BOOST_TEST(answer.value().status == 200);
    BOOST_TEST(answer.value().body == "POST /a b=c hello");
    BOOST_TEST(*answer.value().headers.find("content-type") == "text/plain");
  }
  BOOST_TEST(running.server->connections() == 1U);
}

BOOST_AUTO_TEST_CASE(reads_answers_without_a_body) {
  Running running;
  http::Client client{{.port = running.server->port()}};
  BOOST_TEST(client.send(request("HEAD", "/a")).value().body == "");
  BOOST_TEST(client.send(request("GET", "/nothing")).value().status == 204);
  BOOST_TEST(client.send(request("GET", "/a")).value().body == "GET /a  ");
}

BOOST_AUTO_TEST_CASE(reads_answers_of_any_status) {
  Running running;
  http::Client client{{.port = running.server->port()}};
  BOOST_TEST(client.send(request("GET", "/throws")).value().status == 500);
}

BOOST_AUTO_TEST_CASE(opens_a_connection_that_the_server_closed_anew) {
  Running running{0, 250ms};
  http::Client client{{.port = running.server->port()}};
  BOOST_TEST(client.send(request("GET", "/a")).ok());
  while (running.server->connections() > 0) std::this_thread::yield();
  BOOST_TEST(client.send(request("GET", "/a")).ok());
}

BOOST_AUTO_TEST_CASE(does_not_repeat_what_may_have_been_done) {
  Running running{0, 250ms};
  http::Client client{{.port = running.server->port()}};
  BOOST_TEST(client.send(request("GET", "/a")).ok());
  while (running.server->connections() > 0) std::this_thread::yield();
  const auto answer = client.send(request("POST", "/a"));
  BOOST_REQUIRE(!answer.ok());
  BOOST_TEST(answer.error().reason() == "http.connection_lost");
  BOOST_TEST(client.send(request("POST", "/a")).ok());
}

BOOST_AUTO_TEST_CASE(says_when_nobody_listens) {
  std::uint16_t port = 0;
  {
    Running running;
    port = running.server->port();
  }
  const auto answer = http::Client{{.port = port}}.send(request("GET", "/a"));
  BOOST_REQUIRE(!answer.ok());
  BOOST_TEST((answer.error().code() == Errc::unavailable));
  BOOST_TEST(answer.error().reason() == "http.connect");
}

BOOST_AUTO_TEST_CASE(gives_up_after_its_timeout_and_works_again) {
  Running running;
  http::Client client{{.port = running.server->port(), .answer_timeout = 250ms}};
  BOOST_TEST(client.send(request("GET", "/a")).ok());
  const auto answer = client.send(request("GET", "/held"));
  BOOST_REQUIRE(!answer.ok());
  BOOST_TEST((answer.error().code() == Errc::deadline_exceeded));
  BOOST_TEST(running.handler.take_held(1).size() == 1U);
  BOOST_TEST(client.send(request("GET", "/a")).ok());
}

BOOST_AUTO_TEST_CASE(refuses_answers_that_are_too_large) {
  Running running;
  http::Client client{{.port = running.server->port(), .body_bytes_max = 1024}};
  const auto answer = client.send(request("GET", "/large"));
  BOOST_REQUIRE(!answer.ok());
  BOOST_TEST((answer.error().code() == Errc::data_loss));
}

BOOST_AUTO_TEST_CASE(notices_that_the_server_went_away) {
  Running running;
  http::Client client{{.port = running.server->port()}};
  BOOST_TEST(client.send(request("GET", "/a")).ok());
  running.server.reset();
  BOOST_TEST(!client.send(request("GET", "/a")).ok());
}

BOOST_AUTO_TEST_CASE(refuses_to_send_what_would_be_two_requests) {
  Running running;
  http::Client client{{.port = running.server->port()}};
  http::Request split = request("GET", "/a");
  split.headers.add("X-A", "1\r\nX-B: 2");
  const std::vector<http::Request> bad{request("GET ", "/a"),    request("GET", "/a b"),
                                       request("GET", "/a\r\n"), request("", "/a"),
                                       request("GET", ""),       split};
  for (const auto& each : bad) {
    const auto answer = client.send(each);
    BOOST_REQUIRE(!answer.ok());
    BOOST_TEST(answer.error().reason() == "http.bad_request");
  }
  BOOST_TEST(running.server->connections() == 0U);
}

BOOST_AUTO_TEST_CASE(refuses_an_address_that_is_a_name) {
  const auto answer = http::Client{{.address = "localhost"}}.send(request("GET", "/a"));
  BOOST_REQUIRE(!answer.ok());
  BOOST_TEST(answer.error().reason() == "http.bad_address");
}

BOOST_AUTO_TEST_SUITE_END()
