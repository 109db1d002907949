#define BOOST_TEST_MODULE http_malformed
#include <boost/test/unit_test.hpp>
#include <random>

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

/// Reads `bytes` in pieces of a size that `next` tells: requests, and the refusal at the end.
template <class Next>
std::string reading_of(std::string_view bytes, Next next) {
  RequestReader reader{small_limits};
  std::string pending;
  std::string read;
  while (!bytes.empty()) {
    const std::size_t piece = std::min(next(), bytes.size());
    pending.append(bytes.substr(0, piece));
    bytes.remove_prefix(piece);
    for (auto progress = RequestReader::Progress::complete;
         progress == RequestReader::Progress::complete && !pending.empty();) {
      std::size_t consumed = 0;
      progress = reader.read(pending, consumed);
      pending.erase(0, consumed);
      if (progress == RequestReader::Progress::refused) {
        return read + std::to_string(reader.refusal().status);
      }
      if (progress == RequestReader::Progress::need_more) break;
      const bool is_last = !reader.framing().keep_alive;
      const http::Request request = reader.take_request();
      read += request.method + ' ' + request.path + '?' + request.query + ' ' + request.body + '\n';
      if (is_last) return read;
    }
  }
  return read;
}

/// One of the malformed requests, perhaps with another one behind it, and changed here and there.
std::string mutated(std::mt19937& random) {
  static const std::string_view fragments[] = {"\r\n",
                                               "\n",
                                               "\r",
                                               "0\r\n\r\n",
                                               " ",
                                               ":",
                                               ",",
                                               ";",
                                               "\"",
                                               "5\r\n",
                                               "Content-Length: 3\r\n",
                                               "Transfer-Encoding: chunked\r\n",
                                               "Connection: close\r\n",
                                               "GET / HTTP/1.1\r\nHost: a\r\n\r\n"};
  const auto below = [&](std::size_t end) { return random() % end; };
  std::string bytes = malformed_requests[below(malformed_requests.size())].bytes;
  if (below(3) == 0) bytes += malformed_requests[below(malformed_requests.size())].bytes;
  for (std::size_t changes = below(5); changes > 0; --changes) {
    const std::size_t at = below(bytes.size() + 1);
    if (below(2) == 0) {
      bytes.insert(at, fragments[below(std::size(fragments))]);
    } else if (at < bytes.size()) {
      bytes.erase(at, 1 + below(4));
    }
  }
  return bytes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(a_malformed_request)

BOOST_AUTO_TEST_CASE(is_read_the_same_however_its_bytes_are_cut_whatever_has_become_of_it) {
  std::mt19937 random{1};
  for (int i = 0; i < 20'000; ++i) {
    const std::string bytes = mutated(random);
    const std::string whole = reading_of(bytes, [&] { return bytes.size(); });
    BOOST_TEST_CONTEXT(bytes) {
      BOOST_TEST(reading_of(bytes, [] { return std::size_t{1}; }) == whole);
      BOOST_TEST(reading_of(bytes, [&] { return 1 + std::size_t{random() % 9}; }) == whole);
    }
  }
}

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
