#define BOOST_TEST_MODULE nats_connection
#include <boost/test/unit_test.hpp>

#include "peer.hpp"

namespace banyan::nats {
namespace {

using namespace std::chrono_literals;
using testing::NatsServer;

BOOST_AUTO_TEST_CASE(a_request_is_answered_with_headers_and_data) {
  NatsServer server;
  Peer peer{server.url()};
  peer.await(State::connected);
  peer.echo("rpc.echo");

  Awaited<Result<Message>> answered;
  const Headers headers{{"Banyan-Seq", "17"}, {"traceparent", "00-ab"}};
  peer->request(Subject::of({"rpc", "echo"}).value(), headers, "hello", 5s, answered.setter());
  const auto answer = answered.get();

  BOOST_REQUIRE(answer.ok());
  BOOST_TEST(answer.value().data == "hello");
  BOOST_TEST(answer.value().headers.find("Banyan-Seq").value() == "17");
  BOOST_TEST(answer.value().headers.find("traceparent").value() == "00-ab");
}

BOOST_AUTO_TEST_CASE(a_request_to_nobody_fails_at_once_and_was_certainly_not_done) {
  NatsServer server;
  Peer peer{server.url()};
  peer.await(State::connected);

  const auto answer = peer.request("rpc.nobody", "x", 60s);

  BOOST_REQUIRE(!answer.ok());
  BOOST_TEST(answer.error().reason() == "nats.no_responders");
}

BOOST_AUTO_TEST_CASE(a_request_that_is_not_answered_in_time_has_an_unknown_outcome) {
  NatsServer server;
  Peer peer{server.url()};
  peer.await(State::connected);
  BOOST_REQUIRE(peer->subscribe("rpc.silent", {}, [](const Message&) {}).ok());

  const auto answer = peer.request("rpc.silent", "x", 20ms);

  BOOST_REQUIRE(!answer.ok());
  BOOST_TEST((answer.error() == Error{Errc::deadline_exceeded, "nats.timeout"}));
}

BOOST_AUTO_TEST_CASE(an_answer_goes_to_an_inbox_and_nowhere_else) {
  NatsServer server;
  Peer peer{server.url()};
  peer.await(State::connected);

  for (const auto* reply : {"", "evt.orders.inventory", "$JS.API.STREAM.PURGE.EVT_orders", "rpc.orders.x"}) {
    BOOST_TEST_CONTEXT(reply) {
      Message request;
      request.reply = reply;
      const Status answered = peer->respond(request, {}, "");
      BOOST_REQUIRE(!answered.ok());
      BOOST_TEST(answered.error().reason() == "nats.bad_subject");
    }
  }
}

}  // namespace
}  // namespace banyan::nats
