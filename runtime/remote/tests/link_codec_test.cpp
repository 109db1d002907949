#define BOOST_TEST_MODULE remote_link_codec
#include <boost/test/unit_test.hpp>

#include "banyan/message/undecoded.hpp"
#include "messages.hpp"

using namespace banyan;
using namespace banyan::remote;

namespace {

nats::Message sent() { return message_of(encode(changed(7), test_id(200), 5, moment)); }

nats::Message with(std::string_view name, std::string_view value) {
  nats::Message message = sent();
  message.headers = replaced(message.headers, name, value);
  return message;
}

std::string reason(const nats::Message& message) {
  const auto decoded = decode(message, mirror_rules(), moment);
  return decoded.ok() ? std::string{} : decoded.error().reason();
}

Instant deadline_of(const nats::Message& message, Instant now) {
  return decode(message, mirror_rules(), now).value().delivery.parcel->envelope.deadline;
}

template <message::Message M>
nats::Message sent_to(std::string destination) {
  return message_of(encode(row(7, M{.key = "k"}, std::move(destination)), test_id(200), 5, moment));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(a_delivery)

BOOST_AUTO_TEST_CASE(is_the_same_on_the_other_side) {
  delivery::Delivery command = row(9, Note{.key = "k", .number = 3, .text = "ü"}, "mirror");
  message::Parcel parcel = *command.parcel;
  parcel.envelope.reply_to = "saga 1/step 2";
  parcel.envelope.deadline = moment + 30s;
  command.parcel = std::make_shared<const message::Parcel>(parcel);

  const auto decoded = decode(message_of(encode(command, test_id(200), 8, moment)), mirror_rules(), moment);
  BOOST_REQUIRE(decoded.ok());
  BOOST_TEST((decoded.value().epoch == test_id(200)));
  BOOST_TEST(decoded.value().after == 8U);
  const delivery::Delivery& read = decoded.value().delivery;
  BOOST_TEST(read.seq == 9U);
  BOOST_TEST((read.hash == hash_of(9)));
  BOOST_TEST(read.parcel->envelope.destination == "mirror");
  BOOST_TEST(read.parcel->envelope.reply_to == "saga 1/step 2");
  BOOST_TEST((read.parcel->envelope.deadline == parcel.envelope.deadline));
  BOOST_TEST((read.parcel->payload.as<Note>() == Note{.key = "k", .number = 3, .text = "ü"}));
}

BOOST_AUTO_TEST_CASE(has_as_much_time_left_as_was_left_when_it_was_sent) {
  delivery::Delivery command = row(9, Note{.key = "k", .number = 3, .text = "ü"}, "mirror");
  message::Parcel parcel = *command.parcel;
  parcel.envelope.deadline = moment + 30s;
  command.parcel = std::make_shared<const message::Parcel>(parcel);
  const nats::Message sent = message_of(encode(command, test_id(200), 8, moment + 10s));

  BOOST_TEST(sent.headers.find("Banyan-Timeout-Ms").value() == "20000");
  const Instant elsewhere{1000h};
  BOOST_TEST((deadline_of(sent, elsewhere) == elsewhere + 20s));
}

BOOST_AUTO_TEST_CASE(of_an_older_producer_has_the_time_between_its_sending_and_its_expiry) {
  nats::Message message = sent();
  const std::string expiry = to_rfc3339(changed(7).parcel->envelope.time + 30s);
  message.headers.add("ce-expirytime", expiry);

  BOOST_TEST((deadline_of(message, moment) == moment + 30s));
}

BOOST_AUTO_TEST_CASE(without_a_deadline_has_none) {
  BOOST_TEST(
      (decode(sent(), mirror_rules(), moment).value().delivery.parcel->envelope.deadline == no_deadline));
}

BOOST_AUTO_TEST_CASE(is_refused_if_its_place_in_the_log_is_missing_or_makes_no_sense) {
  const std::string epoch = to_string(test_id(200));
  const std::string hash(32, 'a');
  BOOST_TEST(reason(with("Banyan-Row", epoch + ":7:5:" + hash)).empty());
  BOOST_TEST(reason(with("Banyan-Row", epoch + ":9223372036854775807:5:" + hash)).empty());
  for (const std::string& row :
       {std::string{}, std::string{":::"}, epoch + ":7:5", epoch + ":7:7:" + hash, epoch + ":-1:5:" + hash,
        epoch + ":99999999999999999999:5:" + hash, epoch + ":9223372036854775808:5:" + hash,
        epoch + ":18446744073709551615:9223372036854775808:" + hash, epoch + ":7::" + hash, epoch + ":7:5:00",
        epoch + ":7:5:" + hash + ":", to_string(Uuid{}) + ":7:5:" + hash, "%zz" + epoch + ":7:5:" + hash}) {
    BOOST_TEST_CONTEXT(row) { BOOST_TEST(reason(with("Banyan-Row", row)) == "remote.bad_headers"); }
  }
  BOOST_TEST(reason(with("ce-type", "")) == "remote.bad_headers");
  BOOST_TEST(reason(with("ce-expirytime", "soon")) == "remote.bad_headers");
  for (const auto* left : {"-1", "1e3", "31622400001"}) {
    BOOST_TEST_CONTEXT(left) { BOOST_TEST(reason(with("Banyan-Timeout-Ms", left)) == "remote.bad_headers"); }
  }
}

BOOST_AUTO_TEST_CASE(is_refused_if_it_is_of_another_sender_or_for_somebody_else) {
  BOOST_TEST(reason(with("ce-source", "orders")) == "remote.not_allowed");
  BOOST_TEST(reason(sent_to<Note>("orders")) == "remote.not_allowed");
  BOOST_TEST(reason(sent_to<Note>("mirror")).empty());
}

BOOST_AUTO_TEST_CASE(is_refused_if_it_is_too_large) {
  nats::Message message = sent();
  message.data.assign((1 << 20) + 1, ' ');
  BOOST_TEST(reason(message) == "remote.too_large");
}

BOOST_AUTO_TEST_CASE(of_a_type_that_the_link_does_not_have_comes_with_its_body_undecoded) {
  const nats::Message message = with("ce-type", "counter.removed.v1");
  const auto decoded = decode(message, mirror_rules(), moment);
  BOOST_REQUIRE(decoded.ok());
  const delivery::Delivery& delivery = decoded.value().delivery;
  BOOST_TEST(delivery.seq == 7U);
  BOOST_TEST(decoded.value().after == 5U);
  BOOST_TEST(delivery.parcel->envelope.key == "k");
  const auto* body = message::undecoded(delivery.parcel->payload);
  BOOST_REQUIRE(body != nullptr);
  BOOST_TEST(body->type == "counter.removed.v1");
  BOOST_TEST(body->text == message.data);
  BOOST_TEST((body->why == Error{Errc::not_found, "message.unknown_type"}));
}

BOOST_AUTO_TEST_CASE(that_its_producer_can_not_read_back_goes_as_it_is) {
  delivery::Delivery delivery = changed(7);
  message::Parcel parcel = *delivery.parcel;
  parcel.payload = message::decode_or_keep(&Changed::descriptor(), Changed::descriptor().type, "\xFF{");
  delivery.parcel = std::make_shared<const message::Parcel>(parcel);
  const auto decoded = decode(message_of(encode(delivery, test_id(200), 5, moment)), mirror_rules(), moment);
  BOOST_REQUIRE(decoded.ok());
  const auto* kept = message::undecoded(decoded.value().delivery.parcel->payload);
  BOOST_REQUIRE(kept != nullptr);
  BOOST_TEST(kept->type == "counter.changed.v1");
  BOOST_TEST((kept->text == "\xFF{"));
}

BOOST_AUTO_TEST_CASE(whose_body_breaks_the_contract_comes_as_it_is_with_what_is_wrong) {
  using namespace std::string_literals;
  nats::Message message = sent();
  for (const auto& [body, reason] : {std::pair{R"({"key":"k","number":-1,"text":""})"s, "message.invalid"},
                                     {"{"s, "json.syntax"},
                                     {""s, "json.syntax"},
                                     {"\"\xFF\""s, "json.syntax"},
                                     {"\0\x01"s, "json.syntax"},
                                     {std::string(200, '['), "json.too_deep"}}) {
    message.data = body;
    const auto decoded = decode(message, mirror_rules(), moment);
    BOOST_REQUIRE(decoded.ok());
    const auto* kept = message::undecoded(decoded.value().delivery.parcel->payload);
    BOOST_REQUIRE(kept != nullptr);
    BOOST_TEST(kept->type == "counter.changed.v1");
    BOOST_TEST((kept->text == body));
    BOOST_TEST(decoded.value().delivery.bytes == body.size());
    BOOST_TEST((kept->why == Error{Errc::invalid_argument, reason}));
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_report)

BOOST_AUTO_TEST_CASE(is_the_same_on_the_other_side) {
  const Report report{.position = {.epoch = test_id(200), .seq = 5, .hash = hash_of(5)},
                      .received = 9,
                      .resume = true,
                      .log = test_id(7)};
  BOOST_TEST((parse_report(to_json(report)).value() == report));
  BOOST_TEST((parse_report(to_json(Report{})).value() == Report{}));
}

BOOST_AUTO_TEST_CASE(of_a_version_that_does_not_tell_its_store_is_read) {
  BOOST_TEST((parse_report(to_json(Report{})).value().log.is_nil()));
  BOOST_TEST(to_json(Report{}).find("log") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(is_refused_if_it_is_malformed) {
  const std::string good = to_json(Report{});
  const auto altered = [&](std::string_view from, std::string_view to) {
    std::string text = good;
    return text.replace(text.find(from), from.size(), to);
  };
  for (const std::string& text :
       {std::string{}, std::string{"[]"}, altered("\"seq\":0", "\"seq\":-1"),
        altered("\"seq\":0", "\"seq\":1"), altered("\"resume\":false", "\"resume\":0"),
        altered("\"hash\":\"0", "\"hash\":\"x"), altered("\"hash\":\"0", "\"hash\":\""),
        altered("\"epoch\"", "\"epoque\""), altered("{", "{\"log\":\"x\","), std::string(600, ' ')}) {
    BOOST_TEST_CONTEXT(text) {
      const auto read = parse_report(text);
      BOOST_REQUIRE(!read.ok());
      BOOST_TEST(read.error().reason() == "remote.bad_report");
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
