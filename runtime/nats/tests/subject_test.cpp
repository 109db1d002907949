#define BOOST_TEST_MODULE nats_subject
#include "banyan/nats/subject.hpp"

#include <boost/test/unit_test.hpp>

#include "banyan/nats/message.hpp"

namespace banyan::nats {
namespace {

BOOST_AUTO_TEST_CASE(a_subject_is_made_of_tokens) {
  BOOST_TEST(Subject::of({"rpc", "orders", "place_order", "v1"}).value().text() ==
             "rpc.orders.place_order.v1");
  BOOST_TEST(Subject::parse("evt.a-b.C_9").value().text() == "evt.a-b.C_9");
  BOOST_TEST(Subject::parse("$JS.API.INFO").ok());
}

BOOST_AUTO_TEST_CASE(what_could_end_the_line_or_match_more_is_no_subject) {
  for (const std::string_view bad :
       {"",  ".", "a.", ".a",   "a..b", "a b", "a\r\nPUB b 0\r\n", "a\n", "a\tb", "a.*", "a.>",
        "*", ">", "$",  "a.$b", "a$",   "ü",   "a.b\x7f",          "a/b", "a\"b"}) {
    const auto subject = Subject::parse(bad);
    BOOST_REQUIRE(!subject.ok());
    BOOST_TEST(subject.error().reason() == "nats.bad_subject");
  }
  BOOST_TEST(!Subject::parse(std::string_view{"a\0b", 3}).ok());
}

BOOST_AUTO_TEST_CASE(a_token_can_not_bring_in_dots_or_wildcards) {
  for (const std::string_view bad : {"", "a.b", "*", ">", "$JS", "a b", "a\r\n"}) {
    BOOST_TEST(!Subject::of({"rpc", bad}).ok());
  }
  BOOST_TEST(!Subject::of({}).ok());
}

BOOST_AUTO_TEST_CASE(tokens_and_subjects_have_a_greatest_length) {
  const std::string longest(64, 'a');
  BOOST_TEST(Subject::of({longest}).ok());
  BOOST_TEST(!Subject::of({longest + "a"}).ok());
  BOOST_TEST(Subject::of({longest, longest, longest, longest.substr(1, 60)}).ok());
  BOOST_TEST(!Subject::of({longest, longest, longest, longest}).ok());
  BOOST_TEST(!Subject::parse(longest + "." + longest + "." + longest + "." + longest).ok());
}

BOOST_AUTO_TEST_CASE(a_pattern_may_have_wildcards_as_whole_tokens) {
  for (const std::string_view good : {"a", "a.*", "*.b", "a.*.c", "a.>", ">", "$SRV.PING"}) {
    BOOST_TEST(Pattern::parse(good).ok());
  }
  for (const std::string_view bad : {"", "a*", "a.>.b", "a.>>", "a b", "a.\r\n", "a..b", "a.$b"}) {
    BOOST_TEST(!Pattern::parse(bad).ok());
  }
}

BOOST_AUTO_TEST_CASE(headers_can_not_bring_in_other_headers) {
  BOOST_TEST(check_headers({{"ce-type", "orders.order_placed.v1"}, {"Nats-Msg-Id", ""}}).ok());
  for (const Headers& bad :
       {Headers{{"a\r\nb", "x"}}, Headers{{"a: b", "x"}}, Headers{{"", "x"}}, Headers{{"a", "x\r\ny: z"}},
        Headers{{"a", "x\n"}}, Headers{{"a", std::string(1, '\0')}}}) {
    const auto status = check_headers(bad);
    BOOST_REQUIRE(!status.ok());
    BOOST_TEST(status.error().reason() == "nats.bad_header");
  }
}

}  // namespace
}  // namespace banyan::nats
