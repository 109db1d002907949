#define BOOST_TEST_MODULE telemetry_log_text
#include "log_text.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>
#include <random>
#include <vector>

#include "banyan/json/parse.hpp"

using namespace banyan;
using namespace banyan::telemetry;

namespace {

std::string text_of(std::string_view text, std::size_t bytes_max = 1'000) {
  std::string out;
  append_text(out, text, bytes_max);
  return out;
}

/// Some of what terminals, editors and parsers trip over.
const std::vector<std::string> nasty{"\r\nGET / HTTP/1.1",
                                     "\x1b]0;title\x07",
                                     "\xc2\x9b"
                                     "31m",
                                     "\xe2\x80\xae"
                                     "txt.exe",
                                     "\xe2\x81\xa6",
                                     "\xd8\x9c",
                                     "\xef\xbb\xbf",
                                     "\xc0\xaf",
                                     "\xed\xa0\x80",
                                     "\xf4\x90\x80\x80",
                                     "\xf8\x88\x80\x80\x80",
                                     "\x80",
                                     "\xe2\x82",
                                     "\xf0\x9f\x98\x80",
                                     "${jndi:ldap://x}",
                                     "%s%n",
                                     "\\u0000",
                                     "\"}",
                                     std::string(3, '\0')};

}  // namespace

BOOST_AUTO_TEST_SUITE(log_text)

BOOST_AUTO_TEST_CASE(passes_what_is_harmless) {
  BOOST_TEST(text_of("") == R"("")");
  BOOST_TEST(text_of("plain text, 100 %") == R"("plain text, 100 %")");
  BOOST_TEST(text_of("naïve 日本 \xf0\x9f\x98\x80") == "\"naïve 日本 \xf0\x9f\x98\x80\"");
}

BOOST_AUTO_TEST_CASE(escapes_what_json_and_terminals_act_on) {
  BOOST_TEST(text_of("a\"b\\c") == R"("a\"b\\c")");
  BOOST_TEST(text_of("\n\r\t") == R"("\n\u000d\u0009")");
  BOOST_TEST(text_of("\x1b[31m\x7f") == R"("\u001b[31m\u007f")");
  BOOST_TEST(text_of("\xc2\x85\xc2\x9b") == R"("\u0085\u009b")");
  BOOST_TEST(text_of("\xe2\x80\xa8\xe2\x80\xa9") == R"("\u2028\u2029")");
  BOOST_TEST(text_of("\xe2\x80\xae\xe2\x81\xa6\xd8\x9c\xe2\x80\x8f") == R"("\u202e\u2066\u061c\u200f")");
  BOOST_TEST(text_of("\xef\xbb\xbf") == R"("\ufeff")");
  BOOST_TEST(text_of(std::string_view{"\0", 1}) == R"("\u0000")");
}

BOOST_AUTO_TEST_CASE(replaces_what_is_not_utf_8) {
  const std::string bad = "\xef\xbf\xbd";
  BOOST_TEST(text_of("a\x80z") == "\"a" + bad + "z\"");
  BOOST_TEST(text_of("\xc0\xaf") == "\"" + bad + bad + "\"");
  BOOST_TEST(text_of("\xed\xa0\x80") == "\"" + bad + bad + bad + "\"");
  BOOST_TEST(text_of("\xf4\x90\x80\x80") == "\"" + bad + bad + bad + bad + "\"");
  BOOST_TEST(text_of("\xe2\x82") == "\"" + bad + bad + "\"");
  BOOST_TEST(text_of("\xe2\x82z") == "\"" + bad + bad + "z\"");
}

BOOST_AUTO_TEST_CASE(ends_long_text_with_an_ellipsis_between_characters) {
  BOOST_TEST(text_of("abcdef", 6) == "\"abcde…\"");
  BOOST_TEST(text_of("abcde", 6) == "\"abcde\"");
  BOOST_TEST(text_of("日本語", 4) == "\"日…\"");
}

BOOST_AUTO_TEST_CASE(makes_one_valid_line_of_anything) {
  for (const std::string& text : nasty) BOOST_TEST(json::parse(text_of(text)).ok(), text_of(text));

  std::mt19937 engine{1};
  std::uniform_int_distribution<int> byte{0, 255};
  for (int i = 0; i < 5'000; ++i) {
    std::string text(static_cast<std::size_t>(byte(engine)), '\0');
    for (char& c : text) c = static_cast<char>(byte(engine));
    const std::string out = text_of(text, 100);
    BOOST_REQUIRE(json::parse(out).ok());
    BOOST_REQUIRE(out.find_first_of("\n\r\x1b") == std::string::npos);
    BOOST_REQUIRE_LE(out.size(), 100U + 12U);
  }
}

BOOST_AUTO_TEST_CASE(writes_ids_in_hexadecimal_and_nothing_for_none) {
  std::string out;
  append_id(out, std::vector<std::uint8_t>{0x00, 0xab});
  append_id(out, std::vector<std::uint8_t>{0, 0});
  BOOST_TEST(out == "00ab");
}

BOOST_AUTO_TEST_CASE(writes_numbers_shortly_and_null_for_none) {
  const auto number = [](double value) {
    std::string out;
    append_number(out, value);
    return out;
  };
  BOOST_TEST(number(0.1) == "0.1");
  BOOST_TEST(number(1e300) == "1e+300");
  BOOST_TEST(number(-std::numeric_limits<double>::infinity()) == "null");
  BOOST_TEST(number(std::numeric_limits<double>::max()) == "1.7976931348623157e+308");
}

BOOST_AUTO_TEST_SUITE_END()
