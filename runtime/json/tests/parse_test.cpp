#define BOOST_TEST_MODULE json_parse
#include "banyan/json/parse.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "banyan/json/writer.hpp"

using namespace banyan;
using namespace std::string_literals;

namespace {

/// The document as it was understood, or the reason of the refusal.
std::string outcome(std::string_view text, const json::ParseLimits& limits = {}) {
  const auto document = json::parse(text, limits);
  return document ? json::to_string(document.value()) : document.error().reason();
}

std::string detail(std::string_view text) { return json::parse(text).error().detail(); }

std::string repeat(std::string_view text, std::size_t times) {
  std::string all;
  all.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

struct Accepted {
  std::string text;
  std::string read_as;
};

const std::vector<Accepted> accepted{
    // Structure and space.
    {"null", "null"},
    {"true", "true"},
    {"false", "false"},
    {"[]", "[]"},
    {"{}", "{}"},
    {" \t\r\n[ \t\r\n] \t\r\n", "[]"},
    {"[1,2,3]", "[1,2,3]"},
    {"[[],{}]", "[[],{}]"},
    {"[[[[1]]]]", "[[[[1]]]]"},
    {R"({"a":1})", R"({"a":1})"},
    {R"({"a":{"b":[null,true,{"c":"d"}]}})", R"({"a":{"b":[null,true,{"c":"d"}]}})"},
    {R"( { "a" : 1 , "b" : 2 } )", R"({"a":1,"b":2})"},
    {R"({"b":1,"a":2})", R"({"b":1,"a":2})"},
    {R"({"":0})", R"({"":0})"},
    {R"({"a":{"a":1},"b":{"a":1}})", R"({"a":{"a":1},"b":{"a":1}})"},
    {R"({"a":1,"A":2})", R"({"a":1,"A":2})"},
    // Integers.
    {"0", "0"},
    {"-0", "0"},
    {"7", "7"},
    {"-7", "-7"},
    {"9007199254740993", "9007199254740993"},
    {"9223372036854775807", "9223372036854775807"},
    {"-9223372036854775808", "-9223372036854775808"},
    // Other numbers.
    {"0.5", "0.5"},
    {"-0.0", "-0.0"},
    {"1.0", "1"},
    {"1e2", "100"},
    {"1E+2", "100"},
    {"1e-2", "0.01"},
    {"0e0", "0"},
    {"0e999999", "0"},
    {"1e-400", "0"},
    {"1.7976931348623157e308", "1.7976931348623157e+308"},
    {"5e-324", "5e-324"},
    {"123456789012345678901234567890.0", "1.2345678901234568e+29"},
    // Strings.
    {R"("")", R"("")"},
    {R"("\"\\\/\b\f\n\r\t")", R"("\"\\/\b\f\n\r\t")"},
    {R"("\u0041\u00e9\u20AC")", "\"A\xC3\xA9\xE2\x82\xAC\""},
    {R"("\ud83d\ude00")", "\"\xF0\x9F\x98\x80\""},
    {R"("\uDBFF\uDFFF")", "\"\xF4\x8F\xBF\xBF\""},
    {R"("\u0000")", R"("\u0000")"},
    {R"("\u001f")", R"("\u001f")"},
    {"\"\x7F\"", "\"\x7F\""},
    {"\"\xC3\xA9\"", "\"\xC3\xA9\""},
    {"\"\xE2\x80\xA8\"", "\"\xE2\x80\xA8\""},
    {"\"\xF0\x9F\x98\x80\"", "\"\xF0\x9F\x98\x80\""},
    {"\"\xEF\xBB\xBF\"", "\"\xEF\xBB\xBF\""},
    {"\"\xEF\xBF\xBF\"", "\"\xEF\xBF\xBF\""},
    {R"({"\u0061":1})", R"({"a":1})"},
};

const std::vector<std::string> not_json{
    // Structure.
    "",
    " ",
    "[",
    "]",
    "{",
    "}",
    "[1,]",
    "[,1]",
    "[,]",
    "[1 2]",
    "[1,,2]",
    "[1]]",
    "[1][2]",
    "[1}",
    "{]",
    R"({"a"})",
    R"({"a":})",
    R"({"a":1,})",
    R"({,"a":1})",
    R"({"a" 1})",
    R"({"a":1 "b":2})",
    R"({"a"::1})",
    R"({"a":1}})",
    "{a:1}",
    "{'a':1}",
    "{1:1}",
    "{null:1}",
    R"({"a":1} x)",
    "1 2",
    "// comment\n1",
    "[1 /* comment */]",
    "#1",
    "[1\x0C]",
    "[\xC2\xA0]",
    // Literals.
    "nul",
    "nulll",
    "True",
    "TRUE",
    "undefined",
    "NaN",
    "Infinity",
    "-Infinity",
    // Numbers.
    "01",
    "-01",
    "-",
    "+1",
    "--1",
    "1.",
    ".5",
    "-.5",
    "1e",
    "1e+",
    "1.e1",
    "1e1.5",
    "0x1F",
    "1_000",
    "1,5",
    "\xEF\xBC\x91",
    "0b1",
    // Strings.
    "\"",
    R"("a)",
    R"("a\")",
    "'a'",
    "a",
    R"("\x41")",
    R"("\a")",
    R"("\0")",
    R"("\u12")",
    R"("\u12G4")",
    R"("\U0041")",
    "\"\n\"",
    "\"\t\"",
    "\"\x1F\"",
    // Lone surrogates.
    R"("\ud800")",
    R"("\udc00")",
    R"("\udc00\ud800")",
    R"("\ud800\ud800")",
    R"("\ud800x")",
    R"("\ud800\n")",
    R"({"\ud800":1})",
    // Bytes that are not UTF-8.
    "\"\x80\"",
    "\"\xC3\"",
    "\"\xC3(\"",
    "\"\xC0\xAF\"",
    "\"\xE0\x80\xAF\"",
    "\"\xED\xA0\x80\"",
    "\"\xF4\x90\x80\x80\"",
    "\"\xF8\x88\x80\x80\x80\"",
    "\"\xFF\"",
    "\xE9",
    // Byte order marks and NUL.
    "\xEF\xBB\xBF{}",
    "\xFE\xFF"s,
    "\xFF\xFE[\0]\0"s,
    "[1]\0"s,
    "1\0 2"s,
    "\0"s,
    "\"\0\""s,
};

const std::vector<std::string> out_of_range{
    "9223372036854775808",
    "-9223372036854775809",
    "18446744073709551615",
    "18446744073709551616",
    "123456789012345678901234567890",
    "-123456789012345678901234567890",
    "1e999",
    "-1e999",
    "1.8e308",
    "[1,2,1e400]",
    "1e99999999999999999999",
    "1e-99999999999999999999",
};

const std::vector<std::string> duplicates{
    R"({"a":1,"a":2})",
    R"({"a":1,"a":1})",
    R"({"a":1,"b":2,"a":3})",
    R"({"a":1,"\u0061":2})",
    R"({"":1,"":2})",
    R"([{"x":{"a":null,"a":null}}])",
    R"({"a":{"b":1},"a":{"c":1}})",
};

}  // namespace

BOOST_AUTO_TEST_CASE(valid_documents_are_read) {
  for (const auto& [text, read_as] : accepted) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(outcome(text) == read_as); }
  }
}

BOOST_AUTO_TEST_CASE(whatever_is_not_json_is_refused) {
  for (const auto& text : not_json) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(outcome(text) == "json.syntax"); }
  }
}

BOOST_AUTO_TEST_CASE(a_valid_document_that_is_cut_short_is_refused) {
  const std::string whole = R"({"a":[1,-2.5e3,true,null,"\u00e9\ud83d\ude00x"],"b":{}})";
  BOOST_REQUIRE(json::parse(whole).ok());
  for (std::size_t length = 0; length < whole.size(); ++length) {
    BOOST_TEST_CONTEXT(length) { BOOST_TEST(outcome(whole.substr(0, length)) == "json.syntax"); }
  }
}

BOOST_AUTO_TEST_CASE(numbers_that_do_not_fit_are_refused) {
  for (const auto& text : out_of_range) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(outcome(text) == "json.number_range"); }
  }
}

BOOST_AUTO_TEST_CASE(a_number_is_an_integer_unless_it_has_a_fraction_or_an_exponent) {
  BOOST_TEST(json::parse("1").value().type_name() == "integer");
  BOOST_TEST(json::parse("-0").value().type_name() == "integer");
  BOOST_TEST(json::parse("1.0").value().type_name() == "number");
  BOOST_TEST(json::parse("1e0").value().type_name() == "number");
  BOOST_TEST(json::parse("12345678901234567890.5").value().type_name() == "number");
}

BOOST_AUTO_TEST_CASE(a_name_twice_in_one_object_is_refused) {
  for (const auto& text : duplicates) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(outcome(text) == "json.duplicate_member"); }
  }
}

BOOST_AUTO_TEST_CASE(a_name_twice_among_many_is_refused) {
  std::string members;
  for (int i = 0; i < 1000; ++i) members += "\"name" + std::to_string(i) + "\":1,";

  BOOST_TEST(json::parse("{" + members + "\"other\":1}").ok());
  BOOST_TEST(outcome("{" + members + "\"name500\":1}") == "json.duplicate_member");
}

BOOST_AUTO_TEST_CASE(an_error_says_at_which_byte) {
  BOOST_TEST(detail("[1,x]") == "not JSON at byte 3");
  BOOST_TEST(detail("[1") == "not JSON at byte 2");
  BOOST_TEST(detail("[1, 1e999 ]") == "number out of range at byte 9");
  BOOST_TEST(detail(R"({"a":1,"a":2})") == "a name twice in the object ending at byte 12");
  BOOST_TEST(detail("\xEF\xBB\xBF{}") == "not JSON at byte 0");
  BOOST_TEST(detail("[1]\0"s) == "not JSON at byte 3");
}

BOOST_AUTO_TEST_SUITE(limits)

BOOST_AUTO_TEST_CASE(bound_the_bytes) {
  const json::ParseLimits ten_bytes{.bytes_max = 10};

  BOOST_TEST(outcome("[1,2,3,45]", ten_bytes) == "[1,2,3,45]");
  BOOST_TEST(outcome("[1,2,3,456]", ten_bytes) == "json.too_large");
  BOOST_TEST((json::parse("[1,2,3,456]", ten_bytes).error().code() == Errc::resource_exhausted));
  BOOST_TEST(outcome("\"" + std::string((1 << 20) - 2, 'x') + "\"").size() == 1U << 20);
  BOOST_TEST(outcome("\"" + std::string((1 << 20) - 1, 'x') + "\"") == "json.too_large");
}

BOOST_AUTO_TEST_CASE(bound_the_depth) {
  BOOST_TEST(json::parse(repeat("[", 64) + repeat("]", 64)).ok());
  BOOST_TEST(outcome(repeat("[", 65) + repeat("]", 65)) == "json.too_deep");
  BOOST_TEST(json::parse(repeat("{\"a\":", 64) + "1" + repeat("}", 64)).ok());
  BOOST_TEST(outcome(repeat("{\"a\":", 65) + "1" + repeat("}", 65)) == "json.too_deep");
  BOOST_TEST(json::parse("[" + repeat("[],", 1000) + "[]]").ok());
}

BOOST_AUTO_TEST_CASE(bound_the_elements_and_members_of_the_whole_document) {
  const json::ParseLimits four{.elements_max = 4};

  BOOST_TEST(outcome("[1,2,3,4]", four) == "[1,2,3,4]");
  BOOST_TEST(outcome("[1,2,3,4,5]", four) == "json.too_many");
  BOOST_TEST(outcome("[[1],[2]]", four) == "[[1],[2]]");
  BOOST_TEST(outcome("[[1],[2,3]]", four) == "json.too_many");
  BOOST_TEST(outcome(R"({"a":1,"b":2,"c":3,"d":4})", four) == R"({"a":1,"b":2,"c":3,"d":4})");
  BOOST_TEST(outcome(R"({"a":1,"b":2,"c":3,"d":{"e":5}})", four) == "json.too_many");
}

BOOST_AUTO_TEST_CASE(stop_a_nest_bomb_where_it_gets_too_deep) {
  constexpr std::size_t ten_megabytes = 10'000'000;
  const json::ParseLimits no_limit_of_bytes{.bytes_max = ten_megabytes + 1};

  const auto arrays = json::parse(std::string(ten_megabytes, '['), no_limit_of_bytes);
  const auto objects = json::parse(repeat("{\"a\":", ten_megabytes / 5), no_limit_of_bytes);

  BOOST_TEST(arrays.error().reason() == "json.too_deep");
  BOOST_TEST(arrays.error().detail() == "nested too deeply at byte 64");
  BOOST_TEST(objects.error().detail() == "nested too deeply at byte 320");
  BOOST_TEST(outcome(std::string(ten_megabytes, '[')) == "json.too_large");
}

BOOST_AUTO_TEST_CASE(stop_a_flood_of_members) {
  // In quadratic time this would exceed the test's time limit.
  constexpr int count = 500'000;
  std::string text = "{";
  for (int i = 0; i < count; ++i) text += "\"" + std::to_string(i) + "\":0,";
  text += "\"0\":0}";
  const json::ParseLimits wide{.bytes_max = 20'000'000, .elements_max = 1'000'000};

  BOOST_TEST(outcome(text, wide) == "json.duplicate_member");
  BOOST_TEST(outcome(text) == "json.too_large");
}

BOOST_AUTO_TEST_SUITE_END()
