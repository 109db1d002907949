#define BOOST_TEST_MODULE http_server
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <optional>
#include <thread>

#include "banyan/base/clock.hpp"
#include "banyan/http/server.hpp"
#include "raw_peer.hpp"
#include "scripted_handler.hpp"

using namespace banyan;
using namespace std::chrono_literals;
using http::testing::RawPeer;
using http::testing::ScriptedHandler;

namespace {

class FixedClock final : public Clock {
  Instant now() const override { return SystemClock{}.now(); }
  Timestamp utc() const override {
    return std::chrono::sys_days{std::chrono::year{1994} / 11 / 6} + 8h + 49min + 37s;
  }
};

struct Running {
  FixedClock clock;
  ScriptedHandler handler;
  std::optional<http::Server> server;

  explicit Running(http::Server::Options options = {}) {
    server.emplace(handler, clock, std::move(options));
    const auto started = server->start();
    BOOST_REQUIRE_MESSAGE(started.ok(), (started.ok() ? "" : started.error().detail()));
  }
  RawPeer peer() const { return RawPeer{server->port()}; }
  std::uint16_t port() const { return server->port(); }
};

std::string get(std::string_view path, std::string_view fields = "") {
  return "GET " + std::string{path} + " HTTP/1.1\r\nHost: a\r\n" + std::string{fields} + "\r\n";
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace

BOOST_AUTO_TEST_SUITE(an_answer)

BOOST_AUTO_TEST_CASE(has_its_date_and_length_and_keeps_the_connection) {
  Running running;
  auto peer = running.peer();
  for (int i = 0; i < 3; ++i) {
    peer.send(get("/a%20b?c=d"));
    BOOST_TEST(peer.read_answer() ==
               "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type: text/plain\r\n"
               "Content-Length: 15\r\n\r\nGET /a%20b c=d ");
  }
}

BOOST_AUTO_TEST_CASE(to_head_has_the_length_and_no_body) {
  Running running;
  auto peer = running.peer();
  peer.send("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n" + get("/b"));
  BOOST_TEST(has(peer.read_head(), "Content-Length: 9\r\n"));
  BOOST_TEST(has(peer.read_answer(), "GET /b"));
}

BOOST_AUTO_TEST_CASE(of_204_has_neither_body_nor_length) {
  Running running;
  auto peer = running.peer();
  peer.send(get("/nothing") + get("/b"));
  const std::string head = peer.read_head();
  BOOST_TEST(RawPeer::status_of(head) == 204);
  BOOST_TEST(!has(head, "Content-Length"));
  BOOST_TEST(has(peer.read_answer(), "GET /b"));
}

BOOST_AUTO_TEST_CASE(with_a_line_break_in_a_header_becomes_500) {
  Running running;
  auto peer = running.peer();
  peer.send(get("/split"));
  const std::string answer = peer.read_answer();
  BOOST_TEST(RawPeer::status_of(answer) == 500);
  BOOST_TEST(!has(answer, "X-B"));
}

BOOST_AUTO_TEST_CASE(counts_only_the_first_time) {
  Running running;
  auto peer = running.peer();
  peer.send(get("/twice") + get("/b"));
  BOOST_TEST(has(peer.read_answer(), "GET /twice"));
  BOOST_TEST(has(peer.read_answer(), "GET /b"));
}

BOOST_AUTO_TEST_CASE(that_nobody_gives_becomes_500) {
  Running running;
  auto peer = running.peer();
  peer.send(get("/dropped") + get("/b"));
  BOOST_TEST(RawPeer::status_of(peer.read_answer()) == 500);
  BOOST_TEST(RawPeer::status_of(peer.read_answer()) == 200);
}

BOOST_AUTO_TEST_CASE(of_a_handler_that_throws_is_500) {
  Running running;
  auto peer = running.peer();
  peer.send(get("/throws") + get("/b"));
  BOOST_TEST(RawPeer::status_of(peer.read_answer()) == 500);
  BOOST_TEST(RawPeer::status_of(peer.read_answer()) == 200);
}

BOOST_AUTO_TEST_CASE(that_is_dropped_by_another_thread_becomes_500) {
  Running running;
  auto peer = running.peer();
  peer.send(get("/held"));
  running.handler.take_held(1).clear();
  BOOST_TEST(RawPeer::status_of(peer.read_answer()) == 500);
}

BOOST_AUTO_TEST_CASE(after_the_connection_is_gone_has_no_effect) {
  Running running;
  std::vector<std::pair<http::Request, http::Responder>> held;
  {
    auto peer = running.peer();
    peer.send(get("/held"));
    held = running.handler.take_held(1);
  }
  held.front().second({});
  auto other = running.peer();
  other.send(get("/b"));
  BOOST_TEST(RawPeer::status_of(other.read_answer()) == 200);
}

BOOST_AUTO_TEST_CASE(after_the_server_is_gone_has_no_effect) {
  Running running;
  auto peer = running.peer();
  peer.send(get("/held/1") + get("/held/2"));
  auto held = running.handler.take_held(2);
  running.server.reset();
  held.front().second({});
  held.clear();
  BOOST_TEST(peer.ends());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(pipelining)

BOOST_AUTO_TEST_CASE(keeps_the_order_when_answers_come_in_another) {
  Running running;
  auto peer = running.peer();
  peer.send(get("/held/1") + get("/held/2") + get("/now") + get("/held/3"));
  auto held = running.handler.take_held(3);
  for (const std::size_t i : {2U, 0U, 1U}) held[i].second(ScriptedHandler::echo(held[i].first));
  for (const std::string_view path : {"/held/1", "/held/2", "/now", "/held/3"}) {
    BOOST_TEST(has(peer.read_answer(), "GET " + std::string{path}));
  }
}

BOOST_AUTO_TEST_CASE(stops_reading_at_its_limit_and_goes_on_below_it) {
  Running running{{.pipeline_max = 2}};
  auto peer = running.peer();
  std::string requests;
  for (int i = 0; i < 9; ++i) requests += get("/held/" + std::to_string(i));
  peer.send(requests);
  for (int answered = 0; answered < 9;) {
    auto held = running.handler.take_held(answered < 8 ? 2 : 1);
    BOOST_TEST(held.size() <= 2U);
    for (auto& [request, respond] : held) respond(ScriptedHandler::echo(request));
    for (std::size_t i = 0; i < held.size(); ++i, ++answered) {
      BOOST_TEST(has(peer.read_answer(), "GET /held/" + std::to_string(answered)));
    }
  }
}

BOOST_AUTO_TEST_CASE(answers_a_thousand_requests_of_one_write) {
  Running running;
  auto peer = running.peer();
  std::string requests;
  for (int i = 0; i < 1000; ++i) requests += get("/" + std::to_string(i));
  std::thread writer{[&] { peer.send(requests); }};
  int in_order = 0;
  while (in_order < 1000 && has(peer.read_answer(), "GET /" + std::to_string(in_order) + " ")) ++in_order;
  writer.join();
  BOOST_TEST(in_order == 1000);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_request)

BOOST_AUTO_TEST_CASE(may_come_byte_by_byte) {
  Running running;
  auto peer = running.peer();
  const std::string request = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
  for (const char c : request) peer.send({&c, 1});
  BOOST_TEST(has(peer.read_answer(), "POST /a  hello"));
}

BOOST_AUTO_TEST_CASE(may_be_chunked_with_extensions_and_trailers) {
  Running running;
  auto peer = running.peer();
  peer.send(
      "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
      "2;a=b\r\nhe\r\n3\r\nllo\r\n0\r\nX-Trailer: 1\r\n\r\n" +
      get("/b"));
  BOOST_TEST(has(peer.read_answer(), "POST /a  hello"));
  BOOST_TEST(has(peer.read_answer(), "GET /b"));
}

BOOST_AUTO_TEST_CASE(may_be_chunked_and_come_byte_by_byte) {
  Running running;
  auto peer = running.peer();
  const std::string request =
      "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0005\r\nhello\r\n0\r\n\r\n";
  for (const char c : request) peer.send({&c, 1});
  BOOST_TEST(has(peer.read_answer(), "POST /a  hello"));
}

BOOST_AUTO_TEST_CASE(may_have_a_body_larger_than_the_servers_buffers) {
  Running running;
  auto peer = running.peer();
  const std::string body(1000 * 1000, 'b');
  peer.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + body);
  BOOST_TEST(peer.read_answer().ends_with("POST /a  " + body));
}

BOOST_AUTO_TEST_CASE(is_told_to_continue_when_it_asks) {
  Running running;
  auto peer = running.peer();
  peer.send(get("/held") +
            "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  auto held = running.handler.take_held(1);
  held.front().second(ScriptedHandler::echo(held.front().first));
  BOOST_TEST(has(peer.read_answer(), "GET /held"));
  BOOST_TEST(peer.read_head() == "HTTP/1.1 100 Continue\r\n\r\n");
  peer.send("hello");
  BOOST_TEST(has(peer.read_answer(), "POST /a  hello"));
}

BOOST_AUTO_TEST_CASE(may_name_the_host_in_its_target) {
  Running running;
  auto peer = running.peer();
  peer.send(
      "GET http://shop.example/a?b HTTP/1.1\r\nHost: a\r\n\r\nGET http://shop.example HTTP/1.1\r\nHost: "
      "a\r\n\r\n");
  BOOST_TEST(has(peer.read_answer(), "GET /a b"));
  BOOST_TEST(has(peer.read_answer(), "GET / "));
}

BOOST_AUTO_TEST_CASE(may_follow_an_empty_line) {
  Running running;
  auto peer = running.peer();
  peer.send("\r\n" + get("/a") + "\r\n" + get("/b"));
  BOOST_TEST(has(peer.read_answer(), "GET /a"));
  BOOST_TEST(has(peer.read_answer(), "GET /b"));
}

BOOST_AUTO_TEST_CASE(of_options_may_be_for_the_whole_server) {
  Running running;
  auto peer = running.peer();
  peer.send("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");
  BOOST_TEST(has(peer.read_answer(), "OPTIONS *"));
}

BOOST_AUTO_TEST_CASE(that_says_close_is_the_last) {
  Running running;
  auto peer = running.peer();
  peer.send(get("/a", "Connection: close\r\n") + get("/b"));
  BOOST_TEST(has(peer.read_answer(), "Connection: close\r\n"));
  BOOST_TEST(peer.ends());
}

BOOST_AUTO_TEST_CASE(of_http_1_0_is_the_last_unless_it_says_otherwise) {
  Running running;
  auto peer = running.peer();
  peer.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /b HTTP/1.0\r\n\r\n");
  BOOST_TEST(has(peer.read_answer(), "Connection: keep-alive\r\n"));
  BOOST_TEST(has(peer.read_answer(), "Connection: close\r\n"));
  BOOST_TEST(peer.ends());
}

BOOST_AUTO_TEST_CASE(is_answered_when_the_peer_has_ended_its_side) {
  Running running;
  auto peer = running.peer();
  peer.send(get("/held"));
  peer.end_sending();
  auto held = running.handler.take_held(1);
  held.front().second(ScriptedHandler::echo(held.front().first));
  BOOST_TEST(has(peer.read_answer(), "GET /held"));
  BOOST_TEST(peer.ends());
}

BOOST_AUTO_TEST_CASE(is_answered_when_the_peer_ends_in_the_middle_of_the_next) {
  Running running;
  auto peer = running.peer();
  peer.send(get("/held") + "GET /b HTTP/1.1\r\nHo");
  peer.end_sending();
  auto held = running.handler.take_held(1);
  held.front().second(ScriptedHandler::echo(held.front().first));
  BOOST_TEST(has(peer.read_answer(), "GET /held"));
  BOOST_TEST(peer.ends());
}

BOOST_AUTO_TEST_CASE(that_ends_half_way_gets_no_answer) {
  Running running;
  auto peer = running.peer();
  peer.send("GET / HTTP/1.1\r\nHo");
  peer.end_sending();
  BOOST_TEST(peer.ends());
}

BOOST_AUTO_TEST_SUITE_END()
