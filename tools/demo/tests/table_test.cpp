#define BOOST_TEST_MODULE demo_table
#include <boost/test/unit_test.hpp>

#include "table.hpp"

BOOST_AUTO_TEST_SUITE(table)

BOOST_AUTO_TEST_CASE(aligns_columns_and_leaves_no_spaces_at_the_end) {
  BOOST_TEST(shop::demo::to_table({{"step", "outcome"}, {"reserve stock", "done"}, {"pay", ""}}) ==
             "  step           outcome\n"
             "  -------------  -------\n"
             "  reserve stock  done\n"
             "  pay\n");
}

BOOST_AUTO_TEST_CASE(measures_characters_and_not_bytes) {
  BOOST_TEST(shop::demo::to_table({{"a", "b"}, {"één", "x"}}) ==
             "  a    b\n"
             "  ---  -\n"
             "  één  x\n");
}

BOOST_AUTO_TEST_SUITE_END()
