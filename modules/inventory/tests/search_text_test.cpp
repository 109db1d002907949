#define BOOST_TEST_MODULE search_text
#include "search_text.hpp"

#include <boost/test/unit_test.hpp>

using namespace std::string_view_literals;
using shop::inventory::match_expression;

BOOST_AUTO_TEST_SUITE(match_expressions)

BOOST_AUTO_TEST_CASE(every_word_is_quoted_and_stands_for_what_begins_with_it) {
  BOOST_TEST(match_expression("anis syr") == R"("anis"* "syr"*)");
  BOOST_TEST(match_expression("Größe") == R"("Größe"*)");
}

BOOST_AUTO_TEST_CASE(everything_but_letters_and_digits_separates) {
  BOOST_TEST(match_expression("CHAI-10x20") == R"("CHAI"* "10x20"*)");
  BOOST_TEST(match_expression(" \t,chai;  (syrup)\n") == R"("chai"* "syrup"*)");
}

BOOST_AUTO_TEST_CASE(what_would_be_syntax_is_a_word_or_nothing) {
  BOOST_TEST(match_expression(R"(a" OR "b)") == R"("a"* "OR"* "b"*)");
  BOOST_TEST(match_expression("name:x^*") == R"("name"* "x"*)");
  BOOST_TEST(match_expression("NEAR(a b, 3)") == R"("NEAR"* "a"* "b"* "3"*)");
  BOOST_TEST(match_expression("a\0b"sv) == R"("a"* "b"*)");
}

BOOST_AUTO_TEST_CASE(no_words_no_expression) {
  BOOST_TEST(match_expression("") == "");
  BOOST_TEST(match_expression("\"'*-+(){}^:;\0"sv) == "");
}

BOOST_AUTO_TEST_SUITE_END()
