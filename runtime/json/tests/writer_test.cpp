#define BOOST_TEST_MODULE json_writer
#include "banyan/json/writer.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include "banyan/base/utf8.hpp"
#include "banyan/json/encode.hpp"
#include "banyan/json/parse.hpp"

using namespace banyan;
using namespace std::string_view_literals;

namespace {

template <class Write>
std::string written(Write write) {
  std::string text;
  json::Writer out{text};
  write(out);
  return text;
}

std::string string_of(std::string_view value) {
  return written([&](auto& out) { out.string(value); });
}

std::string number_of(double value) {
  return written([&](auto& out) { out.number(value); });
}

}  // namespace

namespace shop {

struct Line {
  std::string product;
  std::int64_t quantity = 0;
  std::optional<std::string> note;
};

void write(json::Writer& out, const Line& line) {
  out.begin_object();
  json::member(out, "product", line.product);
  json::member(out, "quantity", line.quantity);
  json::member(out, "note", line.note);
  out.end_object();
}

}  // namespace shop

BOOST_AUTO_TEST_SUITE(writer)

BOOST_AUTO_TEST_CASE(places_the_commas) {
  const std::string text = written([](auto& out) {
    out.begin_object();
    out.name("a");
    out.begin_array();
    out.end_array();
    out.name("b");
    out.begin_array();
    out.integer(1);
    out.begin_object();
    out.end_object();
    out.null();
    out.boolean(true);
    out.begin_array();
    out.boolean(false);
    out.end_array();
    out.end_array();
    out.name("c");
    out.raw("[1,2]");
    out.name("d");
    out.string("");
    out.end_object();
  });

  BOOST_TEST(text == R"({"a":[],"b":[1,{},null,true,[false]],"c":[1,2],"d":""})");
}

BOOST_AUTO_TEST_CASE(appends_to_what_is_there) {
  std::string text = "data: ";
  json::Writer{text}.integer(5);

  BOOST_TEST(text == "data: 5");
}

BOOST_AUTO_TEST_CASE(escapes_what_must_be) {
  BOOST_TEST(string_of("plain") == R"("plain")");
  BOOST_TEST(string_of("a\"b\\c/d") == R"("a\"b\\c/d")");
  BOOST_TEST(string_of("\b\f\n\r\t") == R"("\b\f\n\r\t")");
  BOOST_TEST(string_of("\0\x01\x1F"sv) == R"("\u0000\u0001\u001f")");
  BOOST_TEST(string_of("\x7F") == "\"\x7F\"");
  BOOST_TEST(string_of("\xC3\xA9\xF0\x9F\x98\x80") == "\"\xC3\xA9\xF0\x9F\x98\x80\"");
  BOOST_TEST(string_of("\"") == R"("\"")");
}

BOOST_AUTO_TEST_CASE(escapes_names_that_come_from_outside) {
  BOOST_TEST(json::to_string(json::Value{json::Object{{"a\"b", 1}}}) == R"({"a\"b":1})");
}

BOOST_AUTO_TEST_CASE(writes_every_integer) {
  const auto integer_of = [](std::int64_t value) { return written([&](auto& out) { out.integer(value); }); };

  BOOST_TEST(integer_of(0) == "0");
  BOOST_TEST(integer_of(std::numeric_limits<std::int64_t>::max()) == "9223372036854775807");
  BOOST_TEST(integer_of(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
}

BOOST_AUTO_TEST_CASE(writes_numbers_that_read_back_the_same) {
  for (const double value : {0.1, -0.1, 1e300, 5e-324, 1.7976931348623157e308, 123456.789, 1.0 / 3.0,
                             1.2345678901234568e20, -1.2345678901234568e20, 0x1p63}) {
    const auto again = json::parse("[" + number_of(value) + "]");
    BOOST_REQUIRE(again.ok());
    BOOST_TEST(*again.value().if_a<json::Array>()->front().if_a<double>() == value);
  }
}

BOOST_AUTO_TEST_CASE(keeps_the_sign_of_a_negative_zero) {
  const std::string text = json::to_string(json::Value{-0.0});
  const auto document = json::parse(text);

  BOOST_REQUIRE(document.ok());
  const auto* number = document.value().if_a<double>();
  BOOST_REQUIRE_MESSAGE(number != nullptr, text);
  BOOST_TEST(std::signbit(*number));
}

BOOST_AUTO_TEST_CASE(writes_null_for_what_is_no_number) {
  BOOST_TEST(number_of(std::numeric_limits<double>::infinity()) == "null");
  BOOST_TEST(number_of(-std::numeric_limits<double>::infinity()) == "null");
  BOOST_TEST(number_of(std::numeric_limits<double>::quiet_NaN()) == "null");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(encoding)

BOOST_AUTO_TEST_CASE(knows_the_types_of_messages) {
  const Uuid id = parse_uuid("00112233-4455-6677-8899-aabbccddeeff").value();
  const Timestamp time = parse_rfc3339("2026-01-31T12:00:00.5Z").value();
  const std::string text = written([&](auto& out) {
    out.begin_object();
    json::member(out, "id", id);
    json::member(out, "time", time);
    json::member(out, "text", std::string{"x"});
    json::member(out, "view", "y"sv);
    json::member(out, "literal", "z");
    json::member(out, "flag", true);
    json::member(out, "integer", std::int64_t{-5});
    json::member(out, "number", 0.5);
    json::member(out, "list", std::vector<std::string>{"a", "b"});
    json::member(out, "value", json::Value{json::Array{1, nullptr}});
    out.end_object();
  });

  BOOST_TEST(
      text ==
      R"({"id":"00112233-4455-6677-8899-aabbccddeeff","time":"2026-01-31T12:00:00.500000Z","text":"x",)"
      R"("view":"y","literal":"z","flag":true,"integer":-5,"number":0.5,"list":["a","b"],"value":[1,null]})");
}

BOOST_AUTO_TEST_CASE(writes_money_and_wanted_nulls) {
  const std::string text = written([](auto& out) {
    out.begin_object();
    json::member(out, "price", Money{1299, "EUR"});
    json::member_or_null(out, "left", std::optional<std::int64_t>{3});
    json::member_or_null(out, "note", std::optional<std::string>{});
    out.end_object();
  });

  BOOST_TEST(text == R"({"price":{"amount_minor":1299,"currency":"EUR"},"left":3,"note":null})");
}

BOOST_AUTO_TEST_CASE(leaves_out_what_is_not_there) {
  std::string text;
  const std::vector<shop::Line> lines{{"tea", 2, "hot"}, {"ice", 1, std::nullopt}};
  json::encode<std::vector<shop::Line>>(&lines, text);

  BOOST_TEST(text == R"([{"product":"tea","quantity":2,"note":"hot"},{"product":"ice","quantity":1}])");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(text_of_any_bytes)

BOOST_AUTO_TEST_CASE(becomes_a_document_that_is_read_again) {
  for (const std::string_view text :
       {"\xFF", "caf\xE9", "cut off \xE2\x82", "\xED\xA0\x80", "\xC0\x80\"\n"}) {
    std::string out;
    json::Writer{out}.string(text);
    const auto document = json::parse(out);
    BOOST_REQUIRE(document.ok());
    BOOST_TEST(*document.value().if_a<std::string>() == to_utf8(text));
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(value)

BOOST_AUTO_TEST_CASE(finds_its_members) {
  const json::Value object{json::Object{{"a", 1}, {"b", "x"}}};

  BOOST_REQUIRE(object.find("b") != nullptr);
  BOOST_TEST(*object.find("b")->if_a<std::string>() == "x");
  BOOST_TEST(object.find("c") == nullptr);
  BOOST_TEST(json::Value{json::Array{}}.find("a") == nullptr);
}

BOOST_AUTO_TEST_CASE(names_its_type) {
  BOOST_TEST(json::Value{}.type_name() == "null");
  BOOST_TEST(json::Value{true}.type_name() == "boolean");
  BOOST_TEST(json::Value{5}.type_name() == "integer");
  BOOST_TEST(json::Value{0.5}.type_name() == "number");
  BOOST_TEST(json::Value{"x"}.type_name() == "string");
  BOOST_TEST(json::Value{json::Array{}}.type_name() == "array");
  BOOST_TEST(json::Value{json::Object{}}.type_name() == "object");
}

BOOST_AUTO_TEST_SUITE_END()
