#define BOOST_TEST_MODULE message_undecoded
#include "banyan/message/undecoded.hpp"

#include <boost/test/unit_test.hpp>

#include "sample_message.hpp"

using namespace banyan;
using namespace banyan::message;
using sample::Reserve;

BOOST_AUTO_TEST_SUITE(a_body)

BOOST_AUTO_TEST_CASE(that_can_be_decoded_is_what_it_says) {
  const std::string text = Payload::of(Reserve{"tea", 2}).to_json();
  const Payload payload = decode_or_keep(&Reserve::descriptor(), "sample.reserve.v1", text);
  BOOST_TEST(payload.as<Reserve>().quantity == 2);
  BOOST_TEST(undecoded(payload) == nullptr);
  BOOST_TEST(type_name(payload) == "sample.reserve.v1");
}

BOOST_AUTO_TEST_CASE(of_an_unknown_type_is_kept) {
  const Payload payload = decode_or_keep(nullptr, "sample.reserve.v2", "{}");
  const Undecoded* kept = undecoded(payload);
  BOOST_REQUIRE(kept != nullptr);
  BOOST_TEST((kept->why == Error{Errc::not_found, "message.unknown_type"}));
  BOOST_TEST(kept->why.detail() == "sample.reserve.v2");
  BOOST_TEST(kept->known == nullptr);
  BOOST_TEST(type_name(payload) == "sample.reserve.v2");
  BOOST_TEST(payload.to_json() == "{}");
}

BOOST_AUTO_TEST_CASE(that_breaks_its_contract_is_kept_with_what_is_wrong) {
  const Payload payload =
      decode_or_keep(&Reserve::descriptor(), "sample.reserve.v1", R"({"product":"","quantity":0})");
  const Undecoded* kept = undecoded(payload);
  BOOST_REQUIRE(kept != nullptr);
  BOOST_TEST((kept->why == Error{Errc::invalid_argument, "message.invalid"}));
  BOOST_TEST(kept->why.detail() == "#/product must have at least 1 characters");
  BOOST_TEST(kept->known == &Reserve::descriptor());
  BOOST_TEST(type_name(payload) == "sample.reserve.v1");
}

BOOST_AUTO_TEST_CASE(that_is_no_json_or_beyond_the_limits_is_kept_and_its_own_fault) {
  using namespace std::string_literals;
  for (const std::string& text : {""s, "{"s, "\xFF\0\xC3"s, std::string(500, '[')}) {
    const Payload payload = decode_or_keep(&Reserve::descriptor(), "sample.reserve.v1", text);
    const Undecoded* kept = undecoded(payload);
    BOOST_REQUIRE(kept != nullptr);
    BOOST_TEST((kept->why.code() == Errc::invalid_argument));
    BOOST_TEST((kept->text == text));
    BOOST_TEST((payload.to_json() == text));
  }
}

BOOST_AUTO_TEST_SUITE_END()
