#define BOOST_TEST_MODULE base_utf8
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

#include "banyan/base/utf8.hpp"

using namespace banyan;
using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(utf8)

BOOST_DATA_TEST_CASE(is_what_the_standard_calls_well_formed,
                     boost::unit_test::data::make({""s, "plain"s, "\0"s, "\x7F"s, "\xC2\x80"s, "é"s,
                                                   "\xDF\xBF"s, "\xE0\xA0\x80"s, "€"s, "\xED\x9F\xBF"s,
                                                   "\xEE\x80\x80"s, "\xEF\xBF\xBF"s, "\xF0\x90\x80\x80"s,
                                                   "🌳"s, "\xF4\x8F\xBF\xBF"s}),
                     text) {
  BOOST_TEST(is_utf8(text));
  BOOST_TEST(is_utf8("a" + text + "z"));
}

BOOST_DATA_TEST_CASE(is_nothing_else,
                     boost::unit_test::data::make({
                         "\x80"s,
                         "\xBF"s,  // without a first byte
                         "\xC0\xAF"s,
                         "\xC1\xBF"s,
                         "\xE0\x9F\xBF"s,      // overlong
                         "\xF0\x8F\xBF\xBF"s,  //
                         "\xED\xA0\x80"s,
                         "\xED\xBF\xBF"s,  // surrogates
                         "\xF4\x90\x80\x80"s,
                         "\xF5\x80\x80\x80"s,  // beyond U+10FFFF
                         "\xC3"s,
                         "\xE2\x82"s,
                         "\xF0\x9F\x8C"s,  // cut off
                         "\xC3("s,
                         "\xE2(\xA1"s,
                         "\xE2\x82("s,  // a character within
                         "\xFE"s,
                         "\xFF"s,
                     }),
                     text) {
  BOOST_TEST(!is_utf8(text));
  BOOST_TEST(!is_utf8("a" + text));
  for (std::size_t before = 0; before < 20; ++before) BOOST_TEST(!is_utf8(std::string(before, 'a') + text));
}

BOOST_AUTO_TEST_CASE(is_made_of_anything_with_a_mark_for_each_byte_that_is_none) {
  BOOST_TEST(to_utf8("") == "");
  BOOST_TEST(to_utf8("a\0€🌳"s) == "a\0€🌳"s);
  BOOST_TEST(to_utf8("a\xFFz") == "a\uFFFDz");
  BOOST_TEST(to_utf8("\xE2\x82(\xC3") == "\uFFFD\uFFFD(\uFFFD");
}

BOOST_AUTO_TEST_SUITE_END()
