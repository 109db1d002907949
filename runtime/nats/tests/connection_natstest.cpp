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

/// The reply subjects that a callee sees.
std::string up_to_last_dot(const std::string& subject) { return subject.substr(0, subject.rfind('.') + 1); }

BOOST_AUTO_TEST_CASE(who_answers_one_request_can_not_answer_others) {
  NatsServer server;
  Peer caller{server.url()};
  Peer callee{server.url()};
  caller.await(State::connected);
  callee.await(State::connected);
  BOOST_REQUIRE(callee->subscribe("rpc.silent", {}, [](const Message&) {}).ok());
  Awaited<std::string> seen;
  const auto told = callee->subscribe("rpc.callee", {}, [&, set = seen.setter()](const Message& request) {
    set(request.reply);
    static_cast<void>(callee->respond(request, {}, "mine"));
  });
  BOOST_REQUIRE(told.ok());
  callee.settle();
  BOOST_REQUIRE(caller.request("rpc.callee", {}).ok());
  const std::string known = seen.get();

  Awaited<Result<Message>> other;
  caller->request(Subject::parse("rpc.silent").value(), {}, {}, 500ms, other.setter());
  caller.settle();
  const std::uint64_t number = std::stoull(known.substr(known.rfind('.') + 1));
  for (std::uint64_t i = 1; i <= 100; ++i) {
    const auto guess = Subject::parse(up_to_last_dot(known) + std::to_string(number + i));
    BOOST_REQUIRE(callee->publish(guess.value(), {}, "forged").ok());
  }

  const auto answer = other.get();
  BOOST_REQUIRE(!answer.ok());
  BOOST_TEST(answer.error().reason() == "nats.timeout");
}

BOOST_AUTO_TEST_CASE(who_answers_a_request_does_not_know_where_inboxes_are) {
  NatsServer server;
  Peer caller{server.url()};
  Peer callee{server.url()};
  caller.await(State::connected);
  callee.await(State::connected);
  Awaited<std::string> answers;
  Awaited<std::string> inbox;
  for (const auto& [subject, set] :
       {std::pair{"rpc.callee", answers.setter()}, {"rpc.many", inbox.setter()}}) {
    BOOST_REQUIRE(callee->subscribe(subject, {}, [set = set](const Message& m) { set(m.reply); }).ok());
  }
  callee.settle();

  static_cast<void>(caller.request("rpc.callee", {}, 20ms));
  const auto sent = caller->publish_from(caller->open_inbox([](const Message&) {}),
                                         Subject::parse("rpc.many").value(), {}, {}, 1s);
  BOOST_REQUIRE(sent.ok());
  BOOST_TEST(!inbox.get().starts_with(up_to_last_dot(answers.get())));
}

}  // namespace
}  // namespace banyan::nats
