#define BOOST_TEST_MODULE config_suggest
#include "suggest.hpp"

#include <boost/test/unit_test.hpp>
#include <vector>

using namespace banyan::config;

BOOST_AUTO_TEST_SUITE(config_suggest)

BOOST_AUTO_TEST_CASE(counts_insertions_removals_replacements_and_swaps) {
  BOOST_TEST(edit_distance("", "") == 0U);
  BOOST_TEST(edit_distance("", "abc") == 3U);
  BOOST_TEST(edit_distance("abc", "") == 3U);
  BOOST_TEST(edit_distance("listen", "lisen") == 1U);
  BOOST_TEST(edit_distance("listen", "listten") == 1U);
  BOOST_TEST(edit_distance("listen", "lixten") == 1U);
  BOOST_TEST(edit_distance("listen", "litsen") == 1U);
  BOOST_TEST(edit_distance("kitten", "sitting") == 3U);
}

BOOST_AUTO_TEST_CASE(suggests_the_nearest_then_one_with_the_same_end_then_nothing) {
  const std::vector<std::string> keys{"http.listen", "admin.listen", "log.level"};
  BOOST_TEST(suggest("admn.listen", keys) == "admin.listen");
  BOOST_TEST(suggest("level", keys) == "log.level");
  BOOST_TEST(suggest("store.path", keys) == "");
  BOOST_TEST(suggest("x", {}) == "");
}

// To compare it with each would take minutes: the test is stopped before.
BOOST_AUTO_TEST_CASE(suggests_nothing_for_a_word_that_is_far_too_long) {
  const std::string word(std::size_t{1} << 26, 'w');
  BOOST_TEST(suggest(word, std::vector<std::string>(100, "resilience.orders.retry_percent")) == "");
}

BOOST_AUTO_TEST_SUITE_END()
