#define BOOST_TEST_MODULE delivery_tx
#include <boost/test/unit_test.hpp>

#include "banyan/delivery/tx.hpp"
#include "banyan/store/failure.hpp"
#include "scratch.hpp"

using namespace banyan;
using namespace banyan::delivery;
using namespace std::chrono_literals;

namespace {

struct Desk : Scratch {
  /// The messages that `work` emits while it handles `cause`.
  Emissions handle(const message::Envelope& cause, const std::function<void(Tx&)>& work) {
    Emissions emissions;
    roll_back([&](auto& transaction) {
      const message::Context context{cause, now(), ids};
      Tx tx{transaction, emissions, "mirror", context};
      work(tx);
    });
    return emissions;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(emitting, Desk)

BOOST_AUTO_TEST_CASE(hands_on_the_conversation_and_names_its_cause) {
  message::Envelope cause = event("a")->envelope;
  cause.correlation_id = ids.next();
  cause.principal = "anna";
  cause.trace = message::TraceContext::start(random);
  cause.tracestate = "rojo=1";
  cause.baggage = "tier=gold";
  const auto emissions = handle(cause, [](Tx& tx) { tx.publish(Counted{.key = "b"}); });
  BOOST_REQUIRE(emissions.size() == 1U);
  const message::Envelope& sent = emissions[0].parcel->envelope;
  BOOST_TEST(sent.source == "mirror");
  BOOST_TEST(sent.destination == "");
  BOOST_TEST(sent.key == "b");
  BOOST_TEST((sent.time == clock.utc()));
  BOOST_TEST((sent.correlation_id == cause.correlation_id));
  BOOST_TEST((sent.causation_id == cause.id));
  BOOST_TEST(sent.principal == "anna");
  BOOST_TEST((sent.trace == cause.trace));
  BOOST_TEST(sent.tracestate == "rojo=1");
  BOOST_TEST(sent.baggage == "tier=gold");
  BOOST_TEST((sent.id != cause.id));
}

BOOST_AUTO_TEST_CASE(has_the_span_of_the_handling_as_its_cause) {
  message::Envelope cause = event("a")->envelope;
  cause.trace = message::TraceContext::start(random);
  const message::TraceContext span = cause.trace.child(random);
  roll_back([&](auto& transaction) {
    const message::Context context{cause, now(), ids, span};
    Emissions emissions;
    Tx{transaction, emissions, "mirror", context}.publish(Counted{.key = "b"});
    BOOST_TEST((emissions.at(0).parcel->envelope.trace == span));
    BOOST_TEST((span.trace_id == cause.trace.trace_id));
    BOOST_TEST((span != cause.trace));
  });
}

BOOST_AUTO_TEST_CASE(the_first_message_of_a_conversation_names_it) {
  message::Envelope cause = event("a")->envelope;
  const auto emissions = handle(cause, [](Tx& tx) { tx.publish(Counted{}); });
  BOOST_TEST((emissions.at(0).parcel->envelope.correlation_id == cause.id));
}

BOOST_AUTO_TEST_CASE(a_command_goes_to_the_module_that_declares_it_and_wants_no_reply) {
  const auto emissions = handle({}, [](Tx& tx) { tx.send(Count{.key = "b"}); });
  const message::Envelope& sent = emissions.at(0).parcel->envelope;
  BOOST_TEST(sent.destination == "counter");
  BOOST_TEST(sent.reply_to == "");
  BOOST_TEST((sent.deadline == no_deadline));
}

BOOST_AUTO_TEST_CASE(a_delayed_command_says_when) {
  const auto emissions = handle({}, [&](Tx& tx) { tx.send_at(clock.utc() + 1min, Count{}); });
  BOOST_TEST((emissions.at(0).not_before == clock.utc() + 1min));
}

BOOST_AUTO_TEST_CASE(refuses_what_nothing_would_carry) {
  const std::string longest(payload_bytes_max - message::Payload::of(Counted{}).to_json().size(), 'x');
  BOOST_TEST(handle({}, [&](Tx& tx) { tx.publish(Counted{.text = longest}); }).size() == 1U);
  const auto is_too_large = [](const store::Failure& failure) {
    return failure.error() == Error{Errc::invalid_argument, "message.too_large"};
  };
  const auto none = handle({}, [&](Tx& tx) {
    BOOST_CHECK_EXCEPTION(tx.publish(Counted{.text = longest + 'x'}), store::Failure, is_too_large);
    BOOST_CHECK_EXCEPTION(tx.send_at(clock.utc() + 1min, Count{.text = longest + 'x'}), store::Failure,
                          is_too_large);
  });
  BOOST_TEST(none.empty());
}

BOOST_AUTO_TEST_CASE(refuses_a_key_that_no_header_would_hold) {
  const std::string longest(key_bytes_max, 'x');
  BOOST_TEST(handle({}, [&](Tx& tx) { tx.publish(Counted{.key = longest}); }).size() == 1U);
  const auto is_refused = [](const store::Failure& failure) {
    return failure.error() == Error{Errc::invalid_argument, "message.too_large"};
  };
  const auto none = handle({}, [&](Tx& tx) {
    BOOST_CHECK_EXCEPTION(tx.publish(Counted{.key = longest + 'x'}), store::Failure, is_refused);
  });
  BOOST_TEST(none.empty());
}

BOOST_AUTO_TEST_CASE(keeps_the_order_and_tells_each_id) {
  std::vector<Uuid> told;
  const auto emissions = handle({}, [&](Tx& tx) {
    for (int i = 0; i < 3; ++i) told.push_back(tx.emit(message::Payload::of(Counted{.number = i}), {}));
  });
  BOOST_REQUIRE(emissions.size() == 3U);
  for (std::size_t i = 0; i < 3; ++i) BOOST_TEST((emissions[i].parcel->envelope.id == told[i]));
}

BOOST_AUTO_TEST_SUITE_END()
