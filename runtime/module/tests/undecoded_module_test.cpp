#define BOOST_TEST_MODULE module_undecoded
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "banyan/message/undecoded.hpp"
#include "banyan/telemetry/names.hpp"
#include "counting.hpp"

/// Messages whose body could not be decoded when they came, as the end of a link hands them over.

using namespace banyan;
using namespace banyan::module;

namespace {

using Lines = std::vector<std::string>;
const auto per_element = boost::test_tools::per_element();

std::string text_of(const std::string& key, std::int64_t number) {
  return message::Payload::of(Changed{.key = key, .number = number}).to_json();
}

struct Link : Counting {
  /// The next row of the counter's log, in which everything is good but, perhaps, the body.
  void arrive(const std::string& key, message::Payload payload, const std::string& reply_to = {}) {
    message::Parcel parcel;
    parcel.envelope = world.call_options().envelope;
    parcel.envelope.source = "counter";
    parcel.envelope.key = key;
    parcel.envelope.reply_to = reply_to;
    parcel.payload = std::move(payload);
    delivery::Batch batch{.producer = "counter", .epoch = epoch, .after = seq};
    batch.deliveries.push_back(
        {.seq = ++seq, .hash = {}, .parcel = std::make_shared<const message::Parcel>(std::move(parcel))});
    world.instance("mirror").subscriber().deliver(std::move(batch));
    world.settle();
  }
  /// As it comes to a process that does not know the type.
  void arrive_unknown(const std::string& key, const std::string& text) {
    arrive(key, message::decode_or_keep(nullptr, Changed::descriptor().type, text));
  }
  void arrive_known(const std::string& key, std::int64_t number) {
    arrive(key, message::Payload::of(Changed{.key = key, .number = number}));
  }
  void resolve(std::uint64_t row, Instance::ParkedAction action) {
    Status told = Error{Errc::internal, "test.unanswered"};
    world.instance("mirror").resolve_parked("counter", row, action, [&](Status status) { told = status; });
    world.advance(1s);
    BOOST_TEST(told.ok());
  }
  delivery::ParkedMessage found(std::uint64_t row) {
    std::optional<delivery::ParkedMessage> message;
    world.inspect("mirror", [&](View& view) { message = delivery::Parked::find(view, "counter", row); });
    BOOST_REQUIRE(message.has_value());
    return *message;
  }
  int position() { return world.value<int>("mirror", "SELECT seq FROM banyan_inbox").value_or(0); }
  void check_parked(std::size_t parked, std::size_t dead) {
    BOOST_TEST(health("mirror").parked == parked);
    BOOST_TEST(health("mirror").dead == dead);
  }

  const Uuid epoch = world.value<Uuid>("counter", "SELECT epoch FROM banyan_log").value();
  std::uint64_t seq = 0;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_message_that_can_not_be_decoded, Link)

BOOST_AUTO_TEST_CASE(is_a_dead_letter_at_once_and_only_its_key_waits) {
  arrive_known("a", 1);
  arrive_unknown("a", text_of("a", 2));
  arrive_known("a", 3);
  arrive_known("b", 4);
  BOOST_TEST(mirrored() == (Lines{"a1", "b4"}), per_element);
  BOOST_TEST(position() == 4);
  check_parked(2, 1);
  const delivery::ParkedMessage dead = found(2);
  BOOST_TEST((dead.state == delivery::ParkedState::dead));
  BOOST_TEST(dead.attempts == 1);
  BOOST_TEST(dead.type == "counter.changed.v1");
  BOOST_TEST(dead.key == "a");
  BOOST_TEST(dead.cause == "message.unknown_type: counter.changed.v1");
  BOOST_TEST(dead.payload == text_of("a", 2));
}

BOOST_AUTO_TEST_CASE(is_handled_once_when_it_is_tried_again_and_can_be_and_then_what_waits) {
  arrive_unknown("a", text_of("a", 1));
  arrive_known("a", 2);
  resolve(1, Instance::ParkedAction::retry);
  BOOST_TEST(mirrored() == (Lines{"a1", "a2"}), per_element);
  check_parked(0, 0);
  arrive_known("a", 3);
  BOOST_TEST(mirrored() == (Lines{"a1", "a2", "a3"}), per_element);
}

BOOST_AUTO_TEST_CASE(fails_again_while_it_still_can_not) {
  arrive_unknown("a", "\xFF{");
  resolve(1, Instance::ParkedAction::retry);
  check_parked(1, 1);
  BOOST_TEST(found(1).cause.starts_with("json.syntax: "));
  BOOST_TEST(found(1).payload == "\xFF{");
  resolve(1, Instance::ParkedAction::discard);
  check_parked(0, 0);
}

BOOST_AUTO_TEST_CASE(waits_behind_its_key_like_any_other) {
  script["counter.changed.v1/a1"] = refused;
  arrive_known("a", 1);
  arrive_unknown("a", text_of("a", -1));
  check_parked(2, 1);
  resolve(1, Instance::ParkedAction::discard);
  check_parked(1, 1);
  BOOST_TEST(found(2).cause.starts_with("message.invalid: "));
}

BOOST_AUTO_TEST_CASE(is_still_there_after_a_crash) {
  arrive_unknown("a", "\xFF");
  world.crash();
  world.recover();
  check_parked(1, 1);
  BOOST_TEST(found(1).payload == "\xFF");
  BOOST_TEST(position() == 1);
}

BOOST_AUTO_TEST_CASE(gives_its_sender_no_answer) {
  arrive("a", message::decode_or_keep(nullptr, Note::descriptor().type, "{}"), "saga/1");
  check_parked(1, 1);
  BOOST_TEST(world.value<int>("mirror", "SELECT count(*) FROM banyan_outbox").value() == 0);
}

BOOST_AUTO_TEST_CASE(because_its_producer_was_at_fault_stops_no_link_that_has_to_read_it_back) {
  world.stop("mirror");
  for (const std::int64_t number : {1, -2, 3}) BOOST_REQUIRE(add("a", number).ok());
  BOOST_REQUIRE(add("b", 4).ok());
  world.start("mirror");
  BOOST_TEST(mirrored() == (Lines{"a1", "b4"}), per_element);
  check_parked(2, 1);
  BOOST_TEST(found(2).payload == text_of("a", -2));
  BOOST_TEST(health("counter").stopped_links.empty());
  BOOST_TEST(health("counter").outbox_confirmed == 4U);
  resolve(2, Instance::ParkedAction::retry);
  check_parked(2, 1);
  resolve(2, Instance::ParkedAction::discard);
  BOOST_TEST(mirrored() == (Lines{"a1", "b4", "a3"}), per_element);
}

BOOST_AUTO_TEST_CASE(is_told_of_and_counted_as_others_are) {
  arrive_unknown("a", "{}");
  const auto lines = world.log();
  const auto told = std::ranges::find_if(
      lines, [](const std::string& line) { return line.find("message dead") != line.npos; });
  BOOST_REQUIRE(told != lines.end());
  for (const char* part : {"\"type\":\"counter.changed.v1\"", "\"key\":\"a\"", "message.unknown_type"}) {
    BOOST_TEST((told->find(part) != told->npos), part);
  }
  const auto dead =
      world.metrics().counter(telemetry::names::consumer_messages,
                              {{"module", "mirror"}, {"type", "banyan.undecoded"}, {"outcome", "dead"}});
  BOOST_TEST(dead.value() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
