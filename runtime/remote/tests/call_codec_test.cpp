#define BOOST_TEST_MODULE remote_call_codec
#include <boost/test/unit_test.hpp>

#include "call_codec.hpp"
#include "messages.hpp"

using namespace banyan;
using namespace banyan::remote;

namespace {

message::Request request() {
  message::Request request;
  request.parcel = row(7, Note{.key = "k", .number = 3}, "mirror").parcel;
  request.idempotency = {.key = "key 1", .fingerprint = "print"};
  return request;
}

nats::Message sent(Duration timeout = 1500ms) {
  Sheet sheet = encode(request(), timeout, "Bearer abc.def");
  nats::Message message;
  message.headers = std::move(sheet.headers);
  message.data = std::move(sheet.body);
  return message;
}

nats::Message with(std::string_view name, std::string_view value) {
  nats::Message message = sent();
  message.headers = replaced(message.headers, name, value);
  return message;
}

Result<message::Request> read(const nats::Message& message) {
  return decode(message, Note::descriptor(), testing::ManualClock{}.now());
}

std::string reason(const nats::Message& message) {
  const auto decoded = read(message);
  return decoded.ok() ? std::string{} : decoded.error().reason();
}

message::Reply replied(nats::Headers headers, std::string body) {
  nats::Message message;
  message.headers = std::move(headers);
  message.data = std::move(body);
  return decode(message, Noted::descriptor());
}

message::Reply through(const message::Reply& reply) {
  Sheet sheet = encode(reply);
  return replied(std::move(sheet.headers), std::move(sheet.body));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(a_call)

BOOST_AUTO_TEST_CASE(is_the_same_on_the_other_side_with_the_time_that_is_left_as_its_deadline) {
  const auto decoded = read(sent());
  BOOST_REQUIRE(decoded.ok());
  const message::Parcel& parcel = *decoded.value().parcel;
  BOOST_TEST((parcel.envelope.id == test_id(7)));
  BOOST_TEST(parcel.envelope.source == "counter");
  BOOST_TEST(parcel.envelope.destination == "mirror");
  BOOST_TEST((parcel.envelope.deadline == testing::ManualClock{}.now() + 1500ms));
  BOOST_TEST((parcel.payload.as<Note>() == Note{.key = "k", .number = 3}));
  BOOST_TEST(decoded.value().idempotency->key == "key 1");
  BOOST_TEST(decoded.value().idempotency->fingerprint == "print");
  BOOST_TEST(authorization_of(sent()) == "Bearer abc.def");
}

BOOST_AUTO_TEST_CASE(never_says_what_time_it_is) {
  BOOST_TEST(sent(1us).headers.find("Banyan-Timeout-Ms").value() == "1");
  BOOST_TEST(!sent().headers.find("ce-expirytime"));
}

BOOST_AUTO_TEST_CASE(is_refused_if_it_is_malformed) {
  BOOST_TEST(reason(with("Banyan-Timeout-Ms", "")) == "remote.bad_headers");
  BOOST_TEST(reason(with("Banyan-Timeout-Ms", "0")) == "remote.bad_headers");
  BOOST_TEST(reason(with("Banyan-Timeout-Ms", "1e3")) == "remote.bad_headers");
  BOOST_TEST(reason(with("Banyan-Timeout-Ms", "86400000")) == "remote.bad_headers");
  BOOST_TEST(reason(with("ce-type", "mirror.noted.v1")) == "remote.bad_headers");
  BOOST_TEST(reason(with("Banyan-Idempotency-Fingerprint", "")) == "remote.bad_headers");
  BOOST_TEST(reason(with("Banyan-Idempotency-Key", "%FF")) == "remote.bad_headers");
  BOOST_TEST(reason(with("Banyan-Idempotency-Key", "")).empty());
  nats::Message message = sent();
  message.data = "{}";
  BOOST_TEST(reason(message) == "message.invalid");
  message.data.assign((1 << 20) + 1, ' ');
  BOOST_TEST(reason(message) == "remote.too_large");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_reply)

BOOST_AUTO_TEST_CASE(is_the_same_on_the_other_side) {
  const message::Reply reply = through(message::Payload::of(Noted{.key = "ü", .number = 4}));
  BOOST_REQUIRE(reply.ok());
  BOOST_TEST((reply.value().as<Noted>() == Noted{.key = "ü", .number = 4}));
}

BOOST_AUTO_TEST_CASE(tells_which_store_has_answered) {
  const auto log_in = [](const Sheet& sheet) {
    nats::Message message;
    message.headers = sheet.headers;
    return log_of(message);
  };
  const message::Reply note = message::Payload::of(Noted{.key = "k", .number = 4});
  const message::Reply refusal = Error{Errc::rejected, "mirror.full_moon"};
  for (const message::Reply& reply : {note, refusal}) {
    BOOST_TEST((log_in(encode(reply, test_id(9))) == test_id(9)));
    BOOST_TEST(log_in(encode(reply)).is_nil());
  }
  Sheet forged = encode(note);
  forged.headers.add("Banyan-Log", "no id");
  BOOST_TEST(log_in(forged).is_nil());
}

BOOST_AUTO_TEST_CASE(that_is_an_error_keeps_code_reason_and_detail) {
  for (int code = 1; code <= 10; ++code) {
    const Error error{static_cast<Errc>(code), "mirror.full_moon", "two\nlines"};
    const message::Reply reply = through(error);
    BOOST_REQUIRE(!reply.ok());
    BOOST_TEST((reply.error() == error));
    BOOST_TEST(reply.error().detail() == error.detail());
  }
}

BOOST_AUTO_TEST_CASE(that_is_malformed_is_a_bug_of_the_callee) {
  const nats::Header code{"Banyan-Error-Code", "5"};
  for (const message::Reply& reply :
       {replied({}, "{}"), replied({}, ""), replied({code}, ""),
        replied({{"Banyan-Error-Code", "11"}, {"Banyan-Error-Reason", "a.b"}}, ""),
        replied({{"Banyan-Error-Code", "0"}, {"Banyan-Error-Reason", "a.b"}}, ""),
        replied({{"Banyan-Error-Code", "x"}, {"Banyan-Error-Reason", "a.b"}}, ""),
        replied({code, {"Banyan-Error-Reason", "A<b>"}}, "")}) {
    BOOST_REQUIRE(!reply.ok());
    BOOST_TEST((reply.error() == Error{Errc::internal, "remote.bad_reply"}));
  }
}

BOOST_AUTO_TEST_SUITE_END()
