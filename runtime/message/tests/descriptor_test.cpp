#define BOOST_TEST_MODULE message_descriptor
#include "banyan/message/descriptor.hpp"

#include <boost/test/unit_test.hpp>

#include "banyan/message/reason.hpp"
#include "banyan/message/refusal.hpp"
#include "banyan/message/registry.hpp"
#include "sample_message.hpp"

using namespace banyan;
using namespace banyan::message;
using sample::Reserve;

BOOST_AUTO_TEST_SUITE(payload)

BOOST_AUTO_TEST_CASE(shares_one_value_among_its_copies) {
  const Payload payload = Payload::of(Reserve{"tea", 2});
  const Payload copy = payload;

  BOOST_TEST(copy.value() == payload.value());
  BOOST_TEST(copy.as<Reserve>().quantity == 2);
  BOOST_TEST(&copy.type() == &Reserve::descriptor());
}

BOOST_AUTO_TEST_CASE(is_false_while_it_is_empty) {
  BOOST_TEST(!Payload{});
  BOOST_TEST(static_cast<bool>(Payload::of(Reserve{})));
}

BOOST_AUTO_TEST_CASE(becomes_json_and_is_read_back) {
  const std::string text = Payload::of(Reserve{"tea \"green\"", 2}).to_json();
  BOOST_TEST(text == R"({"product":"tea \"green\"","quantity":2})");

  const auto again = decode(Reserve::descriptor(), text);
  BOOST_REQUIRE(again.ok());
  BOOST_TEST(again.value().as<Reserve>().product == "tea \"green\"");
}

BOOST_AUTO_TEST_CASE(of_the_wrong_shape_is_refused_with_the_first_violation) {
  const auto payload = decode(Reserve::descriptor(), R"({"product":"","quantity":0})");

  BOOST_REQUIRE(!payload.ok());
  BOOST_TEST((payload.error() == Error{Errc::invalid_argument, "message.invalid"}));
  BOOST_TEST(payload.error().detail() == "#/product must have at least 1 characters");
}

BOOST_AUTO_TEST_CASE(that_is_no_json_is_refused_as_the_parser_does) {
  const Descriptor& type = Reserve::descriptor();

  BOOST_TEST(decode(type, "{").error().reason() == "json.syntax");
  BOOST_TEST(decode(type, R"({"product":"a","product":"b"})").error().reason() == "json.duplicate_member");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(registry)

BOOST_AUTO_TEST_CASE(finds_types_by_their_names) {
  const Descriptor* const types[] = {&Reserve::descriptor()};
  Registry registry;
  registry.add(types);
  registry.add(types);

  BOOST_TEST(registry.find("sample.reserve.v1") == &Reserve::descriptor());
  BOOST_TEST(registry.find("sample.reserve.v2") == nullptr);
  BOOST_TEST(registry.find("") == nullptr);
}

BOOST_AUTO_TEST_CASE(knows_refusals_which_no_module_declares) {
  BOOST_TEST(Registry{}.find("banyan.refusal.v1") == &Refusal::descriptor());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(refusal)

BOOST_AUTO_TEST_CASE(carries_an_error_whole) {
  constexpr Reason out_of_stock{Errc::rejected, "sample.out_of_stock"};
  const Error error = reject(out_of_stock, "only 3 left");

  const auto again = decode(Refusal::descriptor(), Payload::of(Refusal::from(error)).to_json());

  BOOST_REQUIRE(again.ok());
  BOOST_TEST((again.value().as<Refusal>().to_error() == error));
  BOOST_TEST(again.value().as<Refusal>().to_error().detail() == "only 3 left");
}

BOOST_AUTO_TEST_CASE(leaves_out_a_detail_that_is_empty) {
  const Refusal refusal = Refusal::from(Error{Errc::conflict, "a.b"});

  BOOST_TEST(Payload::of(refusal).to_json() == R"({"code":3,"reason":"a.b"})");
}

BOOST_AUTO_TEST_CASE(has_a_code_that_is_one) {
  BOOST_TEST(decode(Refusal::descriptor(), R"({"code":10,"reason":"a.b"})").ok());
  for (const auto* text : {R"({"code":0,"reason":"a.b"})", R"({"code":11,"reason":"a.b"})",
                           R"({"reason":"a.b"})", R"({"code":1,"reason":""})", R"({"code":1})", "[]"}) {
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST(decode(Refusal::descriptor(), text).error().reason() == "message.invalid");
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(kinds_have_names) {
  BOOST_TEST(to_string(Kind::command) == "command");
  BOOST_TEST(to_string(Kind::query) == "query");
  BOOST_TEST(to_string(Kind::event) == "event");
  BOOST_TEST(to_string(Kind::reply) == "reply");
  BOOST_TEST(to_string(Kind::state) == "state");
}
