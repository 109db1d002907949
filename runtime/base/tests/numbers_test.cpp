#define BOOST_TEST_MODULE base_numbers
#include "banyan/base/numbers.hpp"

#include <boost/test/unit_test.hpp>

using namespace banyan;

BOOST_AUTO_TEST_CASE(reads_what_is_a_number_as_a_whole) {
  BOOST_TEST(parse_number<int>("0").value() == 0);
  BOOST_TEST(parse_number<int>("-17").value() == -17);
  BOOST_TEST(parse_number<std::uint64_t>("18446744073709551615").value() == UINT64_MAX);
}

BOOST_AUTO_TEST_CASE(refuses_what_is_more_or_less_than_a_number) {
  for (const auto* text : {"", " ", "-", "+1", " 1", "1 ", "1x", "x1", "1.0", "1e3", "0x10", "1,000"}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(!parse_number<std::int64_t>(text)); }
  }
  BOOST_TEST(!parse_number<std::uint64_t>("-1"));
  BOOST_TEST(!parse_number<int>(std::string_view{"1\0", 2}));
}

BOOST_AUTO_TEST_CASE(refuses_what_the_type_can_not_hold) {
  BOOST_TEST(parse_number<std::int64_t>("9223372036854775807").value() == INT64_MAX);
  BOOST_TEST(!parse_number<std::int64_t>("9223372036854775808"));
  BOOST_TEST(!parse_number<std::uint64_t>("18446744073709551616"));
  BOOST_TEST(!parse_number<std::uint16_t>("65536"));
}

BOOST_AUTO_TEST_CASE(a_count_is_what_a_store_can_hold) {
  BOOST_TEST(parse_count("0").value() == 0U);
  BOOST_TEST(parse_count("9223372036854775807").value() == count_max);
  for (const auto* text : {"9223372036854775808", "18446744073709551615", "18446744073709551616", "-1", ""}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(!parse_count(text)); }
  }
}
