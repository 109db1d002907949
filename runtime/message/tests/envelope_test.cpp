#define BOOST_TEST_MODULE message_envelope
#include "banyan/message/envelope.hpp"

#include <boost/test/unit_test.hpp>
#include <optional>

#include "banyan/json/parse.hpp"
#include "banyan/json/writer.hpp"
#include "banyan/message/registry.hpp"
#include "sample_message.hpp"

using namespace banyan;
using namespace banyan::message;
using sample::Reserve;
using namespace std::chrono_literals;

namespace {

Uuid id(std::string_view last_digit) {
  return parse_uuid("01900000-0000-7000-8000-00000000000" + std::string{last_digit}).value();
}

Timestamp time_of(std::string_view text) { return parse_rfc3339(text).value(); }

const Instant moment{1h};

Envelope full_envelope() {
  return {
      .id = id("1"),
      .source = "orders",
      .destination = "inventory",
      .key = "key \"1\"",
      .time = time_of("2026-01-31T12:00:00.123456Z"),
      .deadline = moment + 30s,
      .correlation_id = id("2"),
      .causation_id = id("3"),
      .trace = TraceContext::parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").value(),
      .tracestate = "rojo=a b",
      .baggage = "tier=gold",
      .principal = "customer:7",
      .reply_to = "saga:checkout/1",
  };
}

/// The outcome of stored headers after a member was changed.
Envelope with_stored(std::string_view from, std::string_view to) {
  std::string text = to_headers(full_envelope(), moment);
  text.replace(text.find(from), from.size(), to);
  return from_headers(text, moment).value();
}

Envelope least_envelope() {
  Envelope envelope;
  envelope.id = id("1");
  envelope.source = "orders";
  envelope.time = time_of("2026-01-31T12:00:00Z");
  return envelope;
}

void check_equal(const Envelope& a, const Envelope& b) {
  BOOST_TEST((a.id == b.id));
  BOOST_TEST(a.source == b.source);
  BOOST_TEST(a.destination == b.destination);
  BOOST_TEST(a.key == b.key);
  BOOST_TEST((a.time == b.time));
  BOOST_TEST((a.deadline == b.deadline));
  BOOST_TEST((a.correlation_id == b.correlation_id));
  BOOST_TEST((a.causation_id == b.causation_id));
  BOOST_TEST((a.trace == b.trace));
  BOOST_TEST(a.tracestate == b.tracestate);
  BOOST_TEST(a.baggage == b.baggage);
  BOOST_TEST(a.principal == b.principal);
  BOOST_TEST(a.reply_to == b.reply_to);
}

Registry sample_registry() {
  const Descriptor* const types[] = {&Reserve::descriptor()};
  Registry registry;
  registry.add(types);
  return registry;
}

std::string sample_bytes() { return to_bytes({full_envelope(), Payload::of(Reserve{"tea", 2})}, moment); }

json::Value without(std::string_view text, std::string_view name) {
  json::Value document = json::parse(text).value();
  std::erase_if(*document.if_a<json::Object>(), [&](const auto& member) { return member.first == name; });
  return document;
}

std::string drop(std::string_view text, std::string_view name) { return to_string(without(text, name)); }

std::string with(std::string_view text, std::string_view name, json::Value value) {
  json::Value document = without(text, name);
  document.if_a<json::Object>()->emplace_back(name, std::move(value));
  return to_string(document);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(headers)

BOOST_AUTO_TEST_CASE(hold_the_whole_envelope) {
  const auto again = from_headers(to_headers(full_envelope(), moment), moment);

  BOOST_REQUIRE(again.ok());
  check_equal(again.value(), full_envelope());
}

BOOST_AUTO_TEST_CASE(lose_what_could_not_be_a_header_of_the_next_message) {
  BOOST_TEST(with_stored("rojo=a b", "rojo=a\\nb").tracestate == "");
  BOOST_TEST(with_stored("tier=gold", "tier=gold\\r\\nX: y").baggage == "");
  BOOST_TEST(with_stored("tier=gold", "tier=wood").baggage == "tier=wood");
}

BOOST_AUTO_TEST_CASE(leave_out_what_is_empty) {
  const std::string text = to_headers(least_envelope(), moment);

  BOOST_TEST(
      text ==
      R"({"id":"01900000-0000-7000-8000-000000000001","src":"orders","time":"2026-01-31T12:00:00.000000Z"})");
  const auto again = from_headers(text, moment);
  BOOST_REQUIRE(again.ok());
  check_equal(again.value(), least_envelope());
}

BOOST_AUTO_TEST_CASE(have_short_names_that_never_change) {
  BOOST_TEST(to_headers(full_envelope(), moment) ==
             R"({"id":"01900000-0000-7000-8000-000000000001","src":"orders","dst":"inventory",)"
             R"("key":"key \"1\"","time":"2026-01-31T12:00:00.123456Z","left":30000,)"
             R"("cor":"01900000-0000-7000-8000-000000000002","cau":"01900000-0000-7000-8000-000000000003",)"
             R"("trace":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",)"
             R"("state":"rojo=a b","bag":"tier=gold","by":"customer:7",)"
             R"("reply":"saga:checkout/1"})");
}

BOOST_AUTO_TEST_CASE(hold_the_time_left_and_nothing_of_when_that_ends) {
  const std::string text = to_headers(full_envelope(), moment + 10s);
  const Instant elsewhere{1000h};

  BOOST_TEST(text.find("\"left\":20000,") != text.npos);
  BOOST_TEST((from_headers(text, elsewhere).value().deadline == elsewhere + 20s));
}

BOOST_AUTO_TEST_CASE(of_an_expired_message_hold_that_nothing_is_left) {
  const std::string text = to_headers(full_envelope(), moment + 1h);

  BOOST_TEST(text.find("\"left\":0,") != text.npos);
}

BOOST_AUTO_TEST_CASE(of_a_deadline_that_is_years_away_hold_none) {
  const std::string text = to_headers(full_envelope(), moment - 400 * 24h);

  BOOST_TEST((from_headers(text, moment).value().deadline == no_deadline));
}

BOOST_AUTO_TEST_CASE(of_an_older_version_hold_the_time_between_sending_and_expiry) {
  const std::string text = with(to_headers(least_envelope(), moment), "exp", "2026-01-31T12:00:30.000000Z");

  BOOST_TEST((from_headers(text, moment).value().deadline == moment + 30s));
}

BOOST_AUTO_TEST_CASE(may_hold_more_than_this_version_knows) {
  BOOST_TEST(from_headers(with(to_headers(full_envelope(), moment), "new", "x"), moment).ok());
}

BOOST_AUTO_TEST_CASE(that_are_damaged_are_refused) {
  const std::string good = to_headers(full_envelope(), moment);
  const std::vector<std::string> damaged{
      "",
      "{",
      "[]",
      "{}",
      good + "x",
      drop(good, "id"),
      with(good, "id", "7"),
      with(good, "id", nullptr),
      drop(good, "src"),
      with(good, "src", ""),
      with(good, "src", 7),
      with(good, "dst", 7),
      with(good, "key", json::Array{}),
      drop(good, "time"),
      with(good, "time", "yesterday"),
      with(good, "left", "30000"),
      with(good, "left", -1),
      with(good, "left", 31'622'400'001),
      with(good, "exp", "2026-02-30T00:00:00Z"),
      with(good, "cor", "x"),
      with(good, "cau", true),
      with(good, "trace", "00-00"),
      with(good, "by", json::Object{}),
      with(good, "reply", 1),
  };
  for (const auto& text : damaged) {
    BOOST_TEST_CONTEXT(text) {
      const auto envelope = from_headers(text, moment);
      BOOST_REQUIRE(!envelope.ok());
      BOOST_TEST((envelope.error() == Error{Errc::invalid_argument, "message.bad_headers"}));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(bytes)

BOOST_AUTO_TEST_CASE(are_a_structured_cloud_event) {
  BOOST_TEST(sample_bytes() ==
             R"({"specversion":"1.0","type":"sample.reserve.v1","id":"01900000-0000-7000-8000-000000000001",)"
             R"("source":"orders","destination":"inventory","partitionkey":"key \"1\"",)"
             R"("time":"2026-01-31T12:00:00.123456Z","timeleft":30000,)"
             R"("correlationid":"01900000-0000-7000-8000-000000000002",)"
             R"("causationid":"01900000-0000-7000-8000-000000000003",)"
             R"("traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",)"
             R"("tracestate":"rojo=a b","baggage":"tier=gold",)"
             R"("principal":"customer:7","replyto":"saga:checkout/1","datacontenttype":"application/json",)"
             R"("data":{"product":"tea","quantity":2}})");
}

BOOST_AUTO_TEST_CASE(have_attribute_names_that_cloud_events_allows) {
  const auto event = json::parse(sample_bytes());
  for (const auto& [name, value] : *event.value().if_a<json::Object>()) {
    BOOST_TEST_CONTEXT(name) {
      BOOST_TEST(name.size() <= 20U);
      BOOST_TEST(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(become_the_same_parcel_again) {
  for (const Envelope& envelope : {full_envelope(), least_envelope()}) {
    const auto again =
        from_bytes(to_bytes({envelope, Payload::of(Reserve{"tea", 2})}, moment), sample_registry(), moment);

    BOOST_REQUIRE(again.ok());
    check_equal(again.value()->envelope, envelope);
    BOOST_TEST(again.value()->payload.as<Reserve>().product == "tea");
    BOOST_TEST(again.value()->payload.as<Reserve>().quantity == 2);
  }
}

BOOST_AUTO_TEST_CASE(of_another_sender_may_have_other_extensions_and_no_content_type) {
  BOOST_TEST(from_bytes(drop(sample_bytes(), "datacontenttype"), sample_registry(), moment).ok());
  BOOST_TEST(from_bytes(with(sample_bytes(), "subject", "x"), sample_registry(), moment).ok());
}

BOOST_AUTO_TEST_CASE(of_an_unknown_type_are_refused) {
  const auto parcel =
      from_bytes(with(sample_bytes(), "type", "sample.reserve.v2"), sample_registry(), moment);

  BOOST_REQUIRE(!parcel.ok());
  BOOST_TEST((parcel.error() == Error{Errc::not_found, "message.unknown_type"}));
  BOOST_TEST(parcel.error().detail() == "sample.reserve.v2");
}

BOOST_AUTO_TEST_CASE(with_a_wrong_body_are_refused) {
  const auto text = with(sample_bytes(), "data", json::Object{{"product", "tea"}});
  const auto parcel = from_bytes(text, sample_registry(), moment);

  BOOST_REQUIRE(!parcel.ok());
  BOOST_TEST((parcel.error() == Error{Errc::invalid_argument, "message.invalid"}));
  BOOST_TEST(parcel.error().detail() == "#/quantity is required");
}

BOOST_AUTO_TEST_CASE(with_wrong_attributes_are_refused) {
  const std::string good = sample_bytes();
  const std::vector<std::string> damaged{
      "[]",
      "{}",
      drop(good, "specversion"),
      with(good, "specversion", "0.3"),
      drop(good, "type"),
      with(good, "type", 5),
      drop(good, "id"),
      drop(good, "source"),
      with(good, "time", "noon"),
      with(good, "timeleft", "x"),
      with(good, "datacontenttype", "text/xml"),
      with(good, "traceparent", "x"),
      drop(good, "data"),
  };
  for (const auto& text : damaged) {
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST(from_bytes(text, sample_registry(), moment).error().reason() == "message.bad_headers");
    }
  }
}

BOOST_AUTO_TEST_CASE(that_are_no_json_are_refused_as_the_parser_does) {
  const std::string whole = sample_bytes();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const auto parcel = from_bytes(std::string_view{whole}.substr(0, length), sample_registry(), moment);
    BOOST_TEST(parcel.error().reason() == "json.syntax");
  }
}

BOOST_AUTO_TEST_SUITE_END()
