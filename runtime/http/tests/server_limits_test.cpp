#define BOOST_TEST_MODULE http_server_limits
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <future>
#include <optional>

#include "banyan/base/clock.hpp"
#include "banyan/http/server.hpp"
#include "raw_peer.hpp"
#include "scripted_handler.hpp"

using namespace banyan;
using namespace std::chrono_literals;
using http::testing::RawPeer;
using http::testing::ScriptedHandler;

namespace {

struct Running {
  SystemClock clock;
  ScriptedHandler handler;
  std::optional<http::Server> server;

  explicit Running(http::Server::Options options = {}) {
    server.emplace(handler, clock, std::move(options));
    BOOST_REQUIRE(server->start().ok());
  }
  RawPeer peer() const { return RawPeer{server->port()}; }
};

std::string get(std::string_view path) { return "GET " + std::string{path} + " HTTP/1.1\r\nHost: a\r\n\r\n"; }

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace

BOOST_AUTO_TEST_SUITE(a_slow_peer)

BOOST_AUTO_TEST_CASE(that_takes_too_long_over_the_header_gets_408) {
  Running running{{.header_timeout = 50ms}};
  auto peer = running.peer();
  peer.send("GET / HTTP/1.1\r\nHost: a\r\nX-A: ");
  const std::string answer = peer.read_answer();
  BOOST_TEST(RawPeer::status_of(answer) == 408);
  BOOST_TEST(has(answer, "Connection: close\r\n"));
  BOOST_TEST(peer.ends());
}

BOOST_AUTO_TEST_CASE(that_takes_too_long_over_the_body_gets_408) {
  Running running{{.body_timeout = 50ms}};
  auto peer = running.peer();
  peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
  BOOST_TEST(RawPeer::status_of(peer.read_answer()) == 408);
  BOOST_TEST(peer.ends());
}

BOOST_AUTO_TEST_CASE(that_sends_nothing_is_closed_without_a_word) {
  Running running{{.idle_timeout = 50ms}};
  auto peer = running.peer();
  BOOST_TEST(peer.ends());
  auto used = running.peer();
  used.send(get("/a"));
  BOOST_TEST(RawPeer::status_of(used.read_answer()) == 200);
  BOOST_TEST(used.ends());
}

BOOST_AUTO_TEST_CASE(that_does_not_read_its_answer_is_cut_off) {
  Running running{{.write_timeout = 50ms, .bytes_per_second_min = 1024 * 1024 * 1024}};
  auto peer = running.peer();
  for (int i = 0; i < 4; ++i) peer.send(get("/large"));
  while (running.server->connections() == 0) std::this_thread::yield();
  while (running.server->connections() > 0) std::this_thread::yield();
  BOOST_TEST(peer.read_all().size() < 4 * ScriptedHandler::large_bytes);
}

BOOST_AUTO_TEST_CASE(that_waits_for_its_answer_is_left_alone) {
  Running running{{.header_timeout = 20ms, .body_timeout = 20ms, .idle_timeout = 20ms}};
  auto waiting = running.peer();
  waiting.send(get("/held"));
  auto held = running.handler.take_held(1);
  BOOST_TEST(running.peer().ends());  // by then the timeouts have come for an idle one
  held.front().second(ScriptedHandler::echo(held.front().first));
  BOOST_TEST(has(waiting.read_answer(), "GET /held"));
}

BOOST_AUTO_TEST_CASE(that_waits_too_long_for_its_answer_is_told_so_and_goes_on) {
  Running running{{.answer_timeout = 50ms}};
  auto peer = running.peer();
  peer.send(get("/held") + get("/b"));
  BOOST_TEST(RawPeer::status_of(peer.read_answer()) == 504);
  BOOST_TEST(has(peer.read_answer(), "GET /b"));
  auto held = running.handler.take_held(1);
  held.front().second(ScriptedHandler::echo(held.front().first));  // too late, and for nobody
  peer.send(get("/c"));
  BOOST_TEST(has(peer.read_answer(), "GET /c"));
}

BOOST_AUTO_TEST_CASE(that_reads_slowly_gets_it_all) {
  Running running;
  auto peer = running.peer();
  peer.send(get("/large") + get("/b"));
  BOOST_TEST(peer.read_answer().size() > ScriptedHandler::large_bytes);
  BOOST_TEST(has(peer.read_answer(), "GET /b"));
}

BOOST_AUTO_TEST_CASE(that_never_ends_after_a_refusal_is_closed) {
  Running running{{.linger_timeout = 50ms}};
  auto peer = running.peer();
  peer.send("GET / HTTP/1.1\r\n\r\n");
  BOOST_TEST(RawPeer::status_of(peer.read_answer()) == 400);
  while (running.server->connections() > 0) peer.send_some("more");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(connections)

BOOST_AUTO_TEST_CASE(a_thousand_idle_ones_do_not_stop_a_good_one) {
  Running running;
  std::vector<RawPeer> idle;
  for (int i = 0; i < 1000; ++i) idle.push_back(running.peer());
  for (auto& peer : idle) peer.send("GET /");
  auto good = running.peer();
  good.send(get("/good"));
  BOOST_TEST(RawPeer::status_of(good.read_answer()) == 200);
}

BOOST_AUTO_TEST_CASE(beyond_the_limit_get_503_until_there_is_room) {
  Running running{{.connections_max = 1}};
  {
    auto first = running.peer();
    first.send(get("/a"));
    BOOST_TEST(RawPeer::status_of(first.read_answer()) == 200);
    auto second = running.peer();
    const std::string answer = second.read_answer();
    BOOST_TEST(RawPeer::status_of(answer) == 503);
    BOOST_TEST(has(answer, "Connection: close\r\n"));
    BOOST_TEST(second.ends());
  }
  while (running.server->connections() > 0) std::this_thread::yield();
  auto third = running.peer();
  third.send(get("/a"));
  BOOST_TEST(RawPeer::status_of(third.read_answer()) == 200);
}

BOOST_AUTO_TEST_CASE(of_one_client_beyond_its_limit_are_closed_at_once_until_there_is_room) {
  Running running{{.connections_per_client_max = 2, .proxies = {}}};
  const auto is_served = [&](RawPeer& peer) {
    peer.send(get("/a"));
    return RawPeer::status_of(peer.read_answer()) == 200;
  };
  auto first = running.peer();
  {
    auto second = running.peer();
    BOOST_TEST((is_served(first) && is_served(second)));
    BOOST_TEST(running.peer().ends());
    BOOST_TEST(running.server->connections_refused() == 1U);
    RawPeer other{running.server->port(), 2};
    BOOST_TEST(is_served(other));
  }
  while (running.server->connections() > 1) std::this_thread::yield();
  auto third = running.peer();
  BOOST_TEST(is_served(third));
  BOOST_TEST(is_served(first));
  BOOST_TEST(running.server->connections_refused() == 1U);
}

BOOST_AUTO_TEST_CASE(of_a_proxy_are_those_of_many_clients) {
  Running running{{.connections_per_client_max = 1}};
  std::vector<RawPeer> peers;
  for (int i = 0; i < 3; ++i) {
    peers.push_back(running.peer());
    peers.back().send(get("/a"));
  }
  for (auto& peer : peers) BOOST_TEST(RawPeer::status_of(peer.read_answer()) == 200);
  BOOST_TEST(running.server->connections_refused() == 0U);
}

BOOST_AUTO_TEST_CASE(are_served_by_several_threads) {
  Running running{{.threads = 3}};
  std::vector<RawPeer> peers;
  for (int i = 0; i < 30; ++i) {
    peers.push_back(running.peer());
    peers.back().send(get("/held"));
  }
  for (auto& [request, respond] : running.handler.take_held(30)) respond(ScriptedHandler::echo(request));
  for (auto& peer : peers) BOOST_TEST(RawPeer::status_of(peer.read_answer()) == 200);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(draining)

BOOST_AUTO_TEST_CASE(closes_idle_connections_and_takes_no_new_ones) {
  Running running;
  auto idle = running.peer();
  idle.send(get("/a"));
  BOOST_TEST(RawPeer::status_of(idle.read_answer()) == 200);
  const auto port = running.server->port();
  BOOST_TEST(running.server->drain(5s) == 0U);
  BOOST_TEST(idle.ends());
  BOOST_TEST(!RawPeer{port}.connected());
  BOOST_TEST(running.server->connections() == 0U);
}

BOOST_AUTO_TEST_CASE(answers_what_is_in_flight_and_says_close) {
  Running running;
  auto peer = running.peer();
  peer.send(get("/held/1") + get("/held/2"));
  auto held = running.handler.take_held(2);
  auto draining = std::async(std::launch::async, [&] { return running.server->drain(5s); });
  while (RawPeer{running.server->port()}.connected()) std::this_thread::yield();
  for (auto& [request, respond] : held) respond(ScriptedHandler::echo(request));
  BOOST_TEST(!has(peer.read_answer(), "Connection: close"));
  BOOST_TEST(has(peer.read_answer(), "Connection: close"));
  BOOST_TEST(peer.ends());
  BOOST_TEST(draining.get() == 0U);
}

BOOST_AUTO_TEST_CASE(lets_a_request_that_has_begun_come_in) {
  Running running;
  auto peer = running.peer();
  auto witness = running.peer();
  peer.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  BOOST_TEST(has(peer.read_head(), "100 Continue"));
  auto draining = std::async(std::launch::async, [&] { return running.server->drain(5s); });
  BOOST_TEST(witness.ends());  // the drain has begun
  peer.send("hello");
  const std::string answer = peer.read_answer();
  BOOST_TEST(has(answer, "POST /a  hello"));
  BOOST_TEST(has(answer, "Connection: close"));
  BOOST_TEST(peer.ends());
  BOOST_TEST(draining.get() == 0U);
}

BOOST_AUTO_TEST_CASE(cuts_what_is_left_after_its_budget) {
  Running running;
  auto peer = running.peer();
  peer.send(get("/held"));
  const auto held = running.handler.take_held(1);
  BOOST_TEST(running.server->drain(10ms) == 1U);
  BOOST_TEST(peer.ends());
}

BOOST_AUTO_TEST_CASE(does_not_count_as_cut_who_has_been_answered_and_only_stays) {
  Running running;
  auto peer = running.peer();
  peer.send("GET / HTTP/1.1\r\n\r\n");
  BOOST_TEST(RawPeer::status_of(peer.read_answer()) == 400);
  BOOST_TEST(running.server->drain(10ms) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(starting)

BOOST_AUTO_TEST_CASE(says_which_port_is_taken_and_how_to_find_by_whom) {
  Running running;
  http::Server second{running.handler, running.clock, {.port = running.server->port()}};
  const auto started = second.start();
  BOOST_REQUIRE(!started.ok());
  BOOST_TEST(started.error().reason() == "http.port_taken");
  BOOST_TEST(has(started.error().detail(), "127.0.0.1:" + std::to_string(running.server->port())));
  BOOST_TEST(has(started.error().detail(), "ss -ltnp"));
}

BOOST_AUTO_TEST_CASE(refuses_an_address_that_is_not_of_this_machine) {
  ScriptedHandler handler;
  const SystemClock clock;
  for (const std::string address : {"localhost", "192.0.2.1", ""}) {
    http::Server server{handler, clock, {.address = address}};
    const auto started = server.start();
    BOOST_REQUIRE(!started.ok());
    BOOST_TEST(started.error().reason() == "http.bad_address");
  }
}

BOOST_AUTO_TEST_CASE(answers_on_a_port_that_was_claimed_before_those_who_came_meanwhile) {
  ScriptedHandler handler;
  const SystemClock clock;
  auto listener = http::Listener::open("127.0.0.1", 0);
  BOOST_REQUIRE(listener.ok());
  const std::uint16_t port = listener.value().port();
  BOOST_TEST(http::Listener::open("127.0.0.1", port).error().reason() == "http.port_taken");
  RawPeer early{port};
  early.send("GET / HTTP/1.1\r\n\r\n");

  http::Server server{handler, clock, {}};
  BOOST_REQUIRE(server.start(std::move(listener).value()).ok());
  BOOST_TEST(server.port() == port);
  BOOST_TEST(RawPeer::status_of(early.read_answer()) == 400);
}

BOOST_AUTO_TEST_CASE(gives_a_claimed_port_back_that_is_not_used) {
  const std::uint16_t port = http::Listener::open("::1", 0).value().port();
  BOOST_TEST(http::Listener::open("::1", port).ok());
}

BOOST_AUTO_TEST_CASE(is_not_needed_to_end) {
  ScriptedHandler handler;
  const SystemClock clock;
  http::Server server{handler, clock, {}};
  BOOST_TEST(server.port() == 0);
  BOOST_TEST(server.drain(1s) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
