#define BOOST_TEST_MODULE http_malformed
#include <boost/test/unit_test.hpp>

#include "banyan/base/clock.hpp"
#include "banyan/http/server.hpp"
#include "malformed_requests.hpp"
#include "raw_peer.hpp"

using namespace banyan;
using http::RequestReader;
using http::testing::malformed_requests;
using http::testing::RawPeer;
using http::testing::small_limits;

namespace {

class Welcome final : public http::Handler {
  void on_request(http::Request, http::Responder respond) override { respond({.body = "welcome"}); }
};

struct SmallServer {
  SystemClock clock;
  Welcome handler;
  http::Server server{handler,
                      clock,
                      {.target_bytes_max = small_limits.target_bytes_max,
                       .header_bytes_max = small_limits.header_bytes_max,
                       .header_fields_max = small_limits.header_fields_max,
                       .body_bytes_max = small_limits.body_bytes_max}};
  SmallServer() { BOOST_REQUIRE(server.start().ok()); }
};

/// The verdict over `bytes` when they come in pieces of `piece`; 0 if there is none.
int verdict(std::string_view bytes, std::size_t piece) {
  RequestReader reader{small_limits};
  std::string pending;
  while (!bytes.empty()) {
    pending.append(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
    std::size_t consumed = 0;
    const auto progress = reader.read(pending, consumed);
    pending.erase(0, consumed);
    if (progress == RequestReader::Progress::refused) return reader.refusal().status;
    if (progress == RequestReader::Progress::complete) return 200;
  }
  return 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(a_malformed_request)

BOOST_AUTO_TEST_CASE(is_answered_by_a_problem_document_and_the_connection_closed) {
  SmallServer small;
  for (const auto& row : malformed_requests) {
    BOOST_TEST_CONTEXT(row.what) {
      RawPeer peer{small.server.port()};
      peer.send(row.bytes);
      const std::string answer = peer.read_answer();
      BOOST_TEST(RawPeer::status_of(answer) == row.status);
      BOOST_TEST(answer.find("Content-Type: application/problem+json\r\n") != std::string::npos);
      BOOST_TEST(answer.find("Connection: close\r\n") != std::string::npos);
      BOOST_TEST(answer.find("\"status\":" + std::to_string(row.status)) != std::string::npos);
      BOOST_TEST(peer.ends());
    }
  }
}

BOOST_AUTO_TEST_CASE(is_refused_the_same_however_its_bytes_are_cut) {
  for (const auto& row : malformed_requests) {
    BOOST_TEST_CONTEXT(row.what) {
      for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{7}, row.bytes.size()}) {
        BOOST_TEST(verdict(row.bytes, piece) == row.status);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(is_answered_after_the_good_ones_before_it) {
  SmallServer small;
  RawPeer peer{small.server.port()};
  peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
  BOOST_TEST(RawPeer::status_of(peer.read_answer()) == 200);
  BOOST_TEST(RawPeer::status_of(peer.read_answer()) == 400);
  BOOST_TEST(peer.ends());
}

BOOST_AUTO_TEST_CASE(can_be_answered_in_the_handlers_own_words) {
  class Blunt final : public http::Handler {
    void on_request(http::Request, http::Responder respond) override { respond({}); }
    http::Response on_malformed(int status, std::string_view reason) override {
      return {status, {{"Content-Type", "text/plain"}}, "no: " + std::string{reason}};
    }
  } blunt;
  const SystemClock clock;
  http::Server server{blunt, clock, {}};
  BOOST_REQUIRE(server.start().ok());
  RawPeer peer{server.port()};
  peer.send("GET / HTTP/1.1\r\n\r\n");
  const std::string answer = peer.read_answer();
  BOOST_TEST(RawPeer::status_of(answer) == 400);
  BOOST_TEST(answer.ends_with("no: there is no Host"));
}

BOOST_AUTO_TEST_SUITE_END()
