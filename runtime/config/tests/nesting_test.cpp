#define BOOST_TEST_MODULE config_nesting
#include "nesting.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

#include "document.hpp"

using namespace banyan::config;

namespace {

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

bool is_too_deep(const std::string& text) { return find_too_deep(text).has_value(); }

}  // namespace

BOOST_AUTO_TEST_CASE(a_name_of_tens_of_thousands_of_parts_is_one_problem) {
  const std::string many = repeated("a.", 60'000) + "a";
  for (const std::string& text :
       {"[" + many + "]", "[[" + many + "]]", many + " = 1", "x = {" + many + " = 1}",
        "\"q\".'r'." + many + " = 1", "# it's\n[" + many + "]", "x = '''\n'''\n[" + many + "]",
        "x = \"\\\"\"\n" + many + " = 1"}) {
    BOOST_TEST_CONTEXT(text.substr(0, 40)) {
      const Document document = parse_document("banyan.toml", text);
      BOOST_TEST(document.entries.empty());
      BOOST_REQUIRE(document.problems.size() == 1U);
      BOOST_TEST(document.problems[0].what.find("more than 16 deep") != std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(lists_and_tables_within_each_other_are_counted_alike) {
  BOOST_TEST(is_too_deep("x = " + repeated("[", 100'000)));
  BOOST_TEST(is_too_deep("x = " + repeated("{a=", 100'000)));
  BOOST_TEST(is_too_deep("x = " + repeated("[{a=", 9)));
  BOOST_TEST(!is_too_deep("x = " + repeated("[", 16) + repeated("]", 16)));
}

BOOST_AUTO_TEST_CASE(the_place_is_that_of_the_first_part_too_many) {
  const auto place = find_too_deep("a = 1\n  [" + repeated("b.", 20) + "b]\n");
  BOOST_REQUIRE(place.has_value());
  BOOST_TEST(place->line == 2U);
  BOOST_TEST(place->column == 3U + 1U + 16U * 2U - 1U);
}

BOOST_AUTO_TEST_CASE(a_name_may_have_as_many_parts_as_the_limit) {
  BOOST_TEST(!is_too_deep("[" + repeated("a.", 15) + "a]"));
  BOOST_TEST(is_too_deep("[" + repeated("a.", 16) + "a]"));
}

BOOST_AUTO_TEST_CASE(what_stands_in_strings_and_comments_does_not_count) {
  const std::string deep = repeated("[a.a.", 40);
  for (const std::string& text :
       {"x = \"" + deep + "\"", "x = '" + deep + "'", "x = \"\"\"\n" + deep + "\"\"\"",
        "x = '''\n" + deep + "'''", "# " + deep, "x = 1 # " + deep, "x = \"\\\"" + deep + "\"",
        "x = \"\"\"\"" + deep + "\"\"\"\"\"", "x = '''" + deep + "'''''\ny = 1", "\"" + deep + "\" = 1",
        "x = ['" + deep + "', \"" + deep + "\"]"}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(!is_too_deep(text)); }
  }
}

BOOST_AUTO_TEST_CASE(what_comes_after_a_string_or_comment_counts) {
  const std::string deep = "\n[" + repeated("a.", 40) + "a]";
  for (const std::string text :
       {"x = \"\"", "x = ''", "x = \"\"\"\"\"\"", "x = ''''''", "x = \"\\\\\"", "x = '\\'", "# \"", "# '''",
        "x = 1 # \"\"\"", "x = \"not closed", "x = \"\"\"\\\"\"\"\""}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(is_too_deep(text + deep)); }
  }
}

BOOST_AUTO_TEST_CASE(many_settings_beside_each_other_are_not_deep) {
  BOOST_TEST(!is_too_deep(repeated("[a.b]\nc.d = [1.5, {e.f = 2.5}]\n", 1000)));
}
