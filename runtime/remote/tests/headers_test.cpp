#define BOOST_TEST_MODULE remote_headers
#include <boost/test/unit_test.hpp>

#include "headers.hpp"
#include "messages.hpp"

using namespace banyan;
using namespace banyan::remote;

namespace {

message::Parcel sample() {
  message::Parcel parcel = *changed(7).parcel;
  parcel.envelope.correlation_id = test_id(8);
  parcel.envelope.causation_id = test_id(9);
  parcel.envelope.key = "Zürich 100% \"best\"";
  parcel.envelope.principal = "user:42";
  parcel.envelope.trace.trace_id[0] = 1;
  parcel.envelope.trace.span_id[7] = 2;
  parcel.envelope.tracestate = "rojo=a b";
  parcel.envelope.baggage = "tier=gold%20card;p";
  return parcel;
}

nats::Headers written(const message::Parcel& parcel) {
  HeaderWriter out;
  write_event(out, parcel);
  return std::move(out).take();
}

/// The fault of these headers.
std::string refusal(const nats::Headers& headers) {
  HeaderReader in{headers};
  static_cast<void>(read_event(in));
  return in.error() ? in.error()->detail() : std::string{};
}

nats::Headers with(std::string_view name, std::string_view value) {
  return replaced(written(sample()), name, value);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(percent_encoding)

BOOST_AUTO_TEST_CASE(changes_what_the_cloudevents_binding_says_and_nothing_else) {
  BOOST_TEST(percent_encode("a!z~#&'()*+,/:;=?@[]") == "a!z~#&'()*+,/:;=?@[]");
  BOOST_TEST(percent_encode("Euro € \"50%\"\x7F\n") == "Euro%20%E2%82%AC%20%2250%25%22%7F%0A");
  BOOST_TEST(percent_decode("Euro%20%e2%82%AC%20%2250%25%22").value() == "Euro € \"50%\"");
}

BOOST_AUTO_TEST_CASE(refuses_what_nobody_encodes_like_that) {
  for (const std::string_view text :
       {"100%", "%2", "%zz", "a b", "\"a\"", "Zürich", "%FF", "%C0%80", "a\nb"}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(!percent_decode(text).has_value()); }
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(event_headers)

BOOST_AUTO_TEST_CASE(are_those_of_the_binary_mode) {
  const nats::Headers headers = written(sample());
  const auto value = [&](std::string_view name) { return headers.find(name).value_or("(none)"); };
  BOOST_TEST(value("ce-specversion") == "1.0");
  BOOST_TEST(value("ce-id") == to_string(test_id(7)));
  BOOST_TEST(value("ce-source") == "counter");
  BOOST_TEST(value("ce-type") == "counter.changed.v1");
  BOOST_TEST(value("ce-time") == "2026-01-01T00:00:00.000000Z");
  BOOST_TEST(value("ce-datacontenttype") == "application/json");
  BOOST_TEST(value("ce-partitionkey") == "Z%C3%BCrich%20100%25%20%22best%22");
  BOOST_TEST(value("ce-correlationid") == to_string(test_id(8)));
  BOOST_TEST(value("ce-causationid") == to_string(test_id(9)));
  BOOST_TEST(value("ce-traceparent") == "00-01000000000000000000000000000000-0000000000000002-00");
  BOOST_TEST(value("traceparent") == value("ce-traceparent"));
  BOOST_TEST(value("ce-tracestate") == "rojo=a%20b");
  BOOST_TEST(value("tracestate") == "rojo=a b");
  BOOST_TEST(value("baggage") == "tier=gold%20card;p");
  BOOST_TEST(value("Banyan-Principal") == "user:42");
  BOOST_TEST(nats::check_headers(headers).ok());
}

BOOST_AUTO_TEST_CASE(are_read_back_in_any_order) {
  const nats::Headers in_order = written(sample());
  nats::Headers headers;
  for (std::size_t i = in_order.size(); i > 0; --i) headers.add(in_order[i - 1].name, in_order[i - 1].value);
  headers.add("ce-someextension", "of somebody");
  HeaderReader in{headers};
  const message::Envelope envelope = read_event(in);
  BOOST_REQUIRE(!in.error());
  const message::Envelope sent = sample().envelope;
  BOOST_TEST((envelope.id == sent.id && envelope.correlation_id == sent.correlation_id));
  BOOST_TEST((envelope.causation_id == sent.causation_id && envelope.trace == sent.trace));
  BOOST_TEST(envelope.source == sent.source);
  BOOST_TEST(envelope.key == sent.key);
  BOOST_TEST(envelope.tracestate == sent.tracestate);
  BOOST_TEST(envelope.baggage == sent.baggage);
  BOOST_TEST(envelope.principal == sent.principal);
  BOOST_TEST((envelope.time == sent.time));
}

BOOST_AUTO_TEST_CASE(that_only_accompany_a_trace_are_dropped_when_malformed) {
  nats::Headers headers = replaced(with("ce-tracestate", "Rojo"), "baggage", "a b");
  HeaderReader in{headers};
  const message::Envelope envelope = read_event(in);
  BOOST_TEST(!in.error());
  BOOST_TEST(envelope.tracestate == "");
  BOOST_TEST(envelope.baggage == "");
}

BOOST_AUTO_TEST_CASE(are_read_back_whatever_bytes_a_key_has) {
  message::Parcel parcel = sample();
  parcel.envelope.key = "caf\xE9 \xFF";
  const nats::Headers headers = written(parcel);
  HeaderReader in{headers};
  BOOST_TEST(read_event(in).key == "caf\uFFFD \uFFFD");
  BOOST_TEST(!in.error());
}

BOOST_AUTO_TEST_CASE(are_refused_when_something_is_missing_malformed_twice_or_too_long) {
  for (const auto* name : {"ce-id", "ce-source", "ce-specversion", "ce-time"}) {
    BOOST_TEST(refusal(with(name, "")) == std::string{name} + " is missing");
  }
  BOOST_TEST(refusal(with("ce-id", "7")) == "ce-id is not a UUID");
  BOOST_TEST(refusal(with("ce-specversion", "0.3")) == "ce-specversion has another value");
  BOOST_TEST(refusal(with("ce-datacontenttype", "text/xml")) == "ce-datacontenttype has another value");
  BOOST_TEST(refusal(with("ce-time", "yesterday")) == "ce-time is not a time");
  BOOST_TEST(refusal(with("ce-correlationid", "x")) == "ce-correlationid is not a UUID");
  BOOST_TEST(refusal(with("ce-traceparent", "00-0-0-0")) == "ce-traceparent is not a trace");
  BOOST_TEST(refusal(with("ce-partitionkey", "%ED%A0%80")) == "ce-partitionkey is not percent-encoded UTF-8");
  BOOST_TEST(refusal(with("Banyan-Principal", std::string(9000, 'a'))) == "Banyan-Principal is too long");
  nats::Headers twice = written(sample());
  twice.add("ce-source", "gateway");
  BOOST_TEST(refusal(twice) == "ce-source is there twice");
}

BOOST_AUTO_TEST_SUITE_END()
