#define BOOST_TEST_MODULE json_decode
#include "banyan/json/decode.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>

#include "banyan/json/parse.hpp"

using namespace banyan;

namespace shop {

enum class Colour { red, green };

struct Line {
  Uuid product_id;
  std::int64_t quantity = 0;
  std::optional<std::string> note;
  std::vector<std::string> tags;
  Colour colour = Colour::green;
};

struct Order {
  std::string customer;
  std::vector<Line> lines;
  std::optional<std::vector<Line>> gifts;
};

void read(const json::Input& in, Colour& to) {
  static constexpr json::Choice<Colour> colours[] = {{"red", Colour::red}, {"green", Colour::green}};
  json::read_choice(in, to, colours);
}

void read(const json::Input& in, Line& to) {
  json::Members members{in};
  members.required("product_id", to.product_id);
  members.required("quantity", to.quantity, json::IntegerRules{.min = 1, .max = 1000});
  members.optional("note", to.note, json::StringRules{.length_max = 5});
  members.optional("tags", to.tags, json::ArrayRules{.count_max = 2}, json::StringRules{.length_min = 2});
  members.optional("colour", to.colour);
  members.refuse_others({"product_id", "quantity", "note", "tags", "colour"});
}

void read(const json::Input& in, Order& to) {
  json::Members members{in};
  members.required("customer", to.customer);
  members.required("lines", to.lines, json::ArrayRules{.count_min = 1, .count_max = 3});
  members.optional("gifts", to.gifts, json::ArrayRules{.count_min = 1});
}

}  // namespace shop

namespace {

constexpr std::string_view some_id = "00112233-4455-6677-8899-aabbccddeeff";

/// Each violation as "pointer detail".
std::vector<std::string> texts_of(const json::Violations& violations) {
  std::vector<std::string> texts;
  for (const auto& [pointer, detail] : violations.all()) texts.push_back(pointer + " " + detail);
  return texts;
}

template <class M>
std::vector<std::string> complaints(std::string_view text) {
  json::Violations violations;
  const auto message = json::decode<M>(json::parse(text).value(), violations);
  BOOST_TEST((message == nullptr) == !violations.empty());
  return texts_of(violations);
}

/// The violation that `read` reports for one value under some rules; empty if none.
template <class T, class... Rules>
std::string complaint(std::string_view text, const Rules&... rules) {
  const auto document = json::parse(text).value();
  const json::Path root;
  json::Violations violations;
  T target{};
  read(json::Input{document, root, violations}, target, rules...);
  std::string all;
  for (const auto& violation : violations.all()) all += (all.empty() ? "" : "; ") + violation.detail;
  return all;
}

std::string line(std::string_view rest) {
  return R"({"product_id":")" + std::string{some_id} + "\"" + std::string{rest} + "}";
}

using Complaints = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(objects)

BOOST_AUTO_TEST_CASE(become_the_message_when_nothing_is_wrong) {
  const auto document = json::parse(R"({"customer":"ALFKI","lines":[)" +
                                    line(R"(,"quantity":7,"note":"hot","tags":["ab","cd"],"colour":"red")") +
                                    "," + line(R"(,"quantity":1)") + "]}");
  json::Violations violations;
  const auto decoded = json::decode<shop::Order>(document.value(), violations);

  BOOST_REQUIRE(decoded != nullptr);
  const auto& order = *static_cast<const shop::Order*>(decoded.get());
  BOOST_TEST(order.customer == "ALFKI");
  BOOST_REQUIRE(order.lines.size() == 2U);
  BOOST_TEST(to_string(order.lines[0].product_id) == some_id);
  BOOST_TEST(order.lines[0].quantity == 7);
  BOOST_TEST(order.lines[0].note.value() == "hot");
  BOOST_TEST(order.lines[0].tags == (std::vector<std::string>{"ab", "cd"}), boost::test_tools::per_element());
  BOOST_TEST((order.lines[0].colour == shop::Colour::red));
  BOOST_TEST(!order.lines[1].note.has_value());
  BOOST_TEST((order.lines[1].colour == shop::Colour::green));
  BOOST_TEST(!order.gifts.has_value());
}

BOOST_AUTO_TEST_CASE(are_told_everything_that_is_wrong_with_a_pointer_to_each) {
  const Complaints expected{
      "#/customer is required",
      "#/lines/0/product_id must be a UUID",
      "#/lines/0/quantity must be at least 1",
      "#/lines/0/note must have at most 5 characters",
      "#/lines/0/tags/1 must have at least 2 characters",
      "#/lines/0/colour must be one of red, green",
      "#/lines/0/size is not known",
      "#/lines/1/quantity is required",
      "#/gifts must have at least 1 elements",
  };
  const std::string bad =
      R"({"product_id":"7","quantity":0,"note":"longer","tags":["ok","x"],"colour":"blue","size":1})";
  const auto found = complaints<shop::Order>(R"({"lines":[)" + bad + "," + line("") + R"(],"gifts":[]})");

  BOOST_TEST(found == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(may_have_other_members_where_the_decoder_does_not_refuse_them) {
  BOOST_TEST(
      complaints<shop::Order>(R"({"customer":"A","lines":[)" + line(R"(,"quantity":1)") + R"(],"more":1})")
          .empty());
}

BOOST_AUTO_TEST_CASE(are_one_complaint_where_something_else_stands) {
  for (const auto* text : {"null", "true", "1", "0.5", "\"x\"", "[]"}) {
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST(complaints<shop::Line>(text) == Complaints{"# must be an object"},
                 boost::test_tools::per_element());
    }
  }
}

BOOST_AUTO_TEST_CASE(count_null_as_present) {
  BOOST_TEST(
      complaints<shop::Line>(line(R"(,"quantity":1,"note":null)")) == Complaints{"#/note must be a string"},
      boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(pointers)

BOOST_AUTO_TEST_CASE(escape_names_as_fragments_of_a_uri) {
  const json::Path root;
  const json::Path member{root, "a/b~c d%\"\xC3\xA9"};
  const json::Path element{member, std::size_t{12}};

  BOOST_TEST(root.to_pointer() == "#");
  BOOST_TEST(element.to_pointer() == "#/a~1b~0c%20d%25%22%C3%A9/12");
}

BOOST_AUTO_TEST_CASE(show_unknown_names_too) {
  BOOST_TEST(complaints<shop::Line>(line(R"(,"quantity":1,"x/y":1)")) == Complaints{"#/x~1y is not known"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(strings)

BOOST_AUTO_TEST_CASE(must_be_strings) {
  for (const auto* text : {"null", "true", "1", "0.5", "[]", "{}"}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(complaint<std::string>(text) == "must be a string"); }
  }
  BOOST_TEST(complaint<std::string>(R"("")").empty());
}

BOOST_AUTO_TEST_CASE(are_measured_in_code_points) {
  const json::StringRules two{.length_min = 2, .length_max = 2};

  BOOST_TEST(complaint<std::string>(R"("ab")", two).empty());
  BOOST_TEST(complaint<std::string>(R"("\u00e9\ud83d\ude00")", two).empty());
  BOOST_TEST(complaint<std::string>(R"("\ud83d\ude00")", two) == "must have at least 2 characters");
  BOOST_TEST(complaint<std::string>(R"("abc")", two) == "must have at most 2 characters");
}

BOOST_AUTO_TEST_CASE(may_have_a_pattern) {
  const json::Pattern code{"^[A-Z]{3}$"};
  const json::StringRules rules{.pattern = &code};

  BOOST_TEST(complaint<std::string>(R"("EUR")", rules).empty());
  BOOST_TEST(complaint<std::string>(R"("EURO")", rules) == "must match ^[A-Z]{3}$");
  BOOST_TEST(complaint<std::string>(R"("EUR\n")", rules) == "must match ^[A-Z]{3}$");
}

BOOST_AUTO_TEST_CASE(may_be_one_of_some) {
  static constexpr std::string_view names[] = {"a", "b"};
  const json::StringRules rules{.one_of = names};

  BOOST_TEST(complaint<std::string>(R"("b")", rules).empty());
  BOOST_TEST(complaint<std::string>(R"("c")", rules) == "must be one of a, b");
  BOOST_TEST(complaint<std::string>(R"("A")", rules) == "must be one of a, b");
}

BOOST_AUTO_TEST_CASE(are_told_every_rule_that_they_break) {
  const json::Pattern digits{"^[0-9]*$"};

  BOOST_TEST(complaint<std::string>(R"("x")", json::StringRules{.length_min = 2, .pattern = &digits}) ==
             "must have at least 2 characters; must match ^[0-9]*$");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(formats)

bool has_format(const std::string& text, json::Format format) {
  return complaint<std::string>("\"" + text + "\"", json::StringRules{.format = format}).empty();
}

BOOST_AUTO_TEST_CASE(uuid_is_the_hyphenated_form) {
  BOOST_TEST(has_format(std::string{some_id}, json::Format::uuid));
  BOOST_TEST(!has_format("00112233445566778899aabbccddeeff", json::Format::uuid));
  BOOST_TEST(!has_format("", json::Format::uuid));
}

BOOST_AUTO_TEST_CASE(date_time_is_rfc_3339) {
  BOOST_TEST(has_format("2026-01-31T12:00:00Z", json::Format::date_time));
  BOOST_TEST(!has_format("2026-02-30T12:00:00Z", json::Format::date_time));
  BOOST_TEST(!has_format("2026-01-31", json::Format::date_time));
}

BOOST_AUTO_TEST_CASE(email_is_an_address_with_a_full_domain) {
  for (const auto* text :
       {"a@b.co", "ann.smith+shop@mail.example.com", "o'hara@example.org", "1@2.de", "A@B.CO"}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(has_format(text, json::Format::email)); }
  }
  for (const auto* text :
       {"", "a", "a@", "@b.co", "a@b", "a b@c.de", "a@b..co", ".a@b.co", "a.@b.co", "a..b@c.de", "a@-b.co",
        "a@b-.co", "a@b.co\\n", "a@b.co,c@d.ef", "a@b@c.de", "<a@b.co>", "a@[127.0.0.1]"}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(!has_format(text, json::Format::email)); }
  }
}

BOOST_AUTO_TEST_CASE(uri_has_a_scheme) {
  for (const auto* text :
       {"https://example.com/a?b=c#d", "urn:isbn:0451450523", "mailto:a@b.co", "http://[::1]:8080/"}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(has_format(text, json::Format::uri)); }
  }
  for (const auto* text :
       {"", "/path", "example.com", "//example.com", "http://a b", "http://a/%zz", "1http://a"}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(!has_format(text, json::Format::uri)); }
  }
}

BOOST_AUTO_TEST_CASE(are_checked_for_typed_members_too) {
  BOOST_TEST(complaint<Uuid>("\"x\"") == "must be a UUID");
  BOOST_TEST(complaint<Uuid>("7") == "must be a string");
  BOOST_TEST(complaint<Timestamp>("\"x\"") == "must be a date and time as in RFC 3339");
  BOOST_TEST(complaint<Timestamp>("7") == "must be a string");
  BOOST_TEST(complaint<Timestamp>("\"2026-01-31T12:00:00Z\"").empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(numbers)

BOOST_AUTO_TEST_CASE(without_a_fraction_are_integers) {
  for (const auto* text : {"0", "-5", "9223372036854775807", "1.0", "1e3", "-2.50e1", "9007199254740992.0"}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(complaint<std::int64_t>(text).empty()); }
  }
  for (const auto* text :
       {"0.5", "1e-1", "9007199254740994.0", "1e300", "null", "true", "\"1\"", "[]", "{}"}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(complaint<std::int64_t>(text) == "must be an integer"); }
  }
}

BOOST_AUTO_TEST_CASE(may_be_bounded) {
  const json::IntegerRules percent{.min = 0, .max = 100};
  BOOST_TEST(complaint<std::int64_t>("0", percent).empty());
  BOOST_TEST(complaint<std::int64_t>("100", percent).empty());
  BOOST_TEST(complaint<std::int64_t>("-1", percent) == "must be at least 0");
  BOOST_TEST(complaint<std::int64_t>("101", percent) == "must be at most 100");

  const json::NumberRules ratio{.min = 0, .max = 1};
  BOOST_TEST(complaint<double>("0", ratio).empty());
  BOOST_TEST(complaint<double>("1.0", ratio).empty());
  BOOST_TEST(complaint<double>("-0.5", ratio) == "must be at least 0");
  BOOST_TEST(complaint<double>("1.5", ratio) == "must be at most 1");
}

BOOST_AUTO_TEST_CASE(may_be_bounded_by_what_they_must_not_be) {
  const json::NumberRules open{.min = 0.5, .max = 1.5, .min_is_exclusive = true, .max_is_exclusive = true};

  BOOST_TEST(complaint<double>("1", open).empty());
  BOOST_TEST(complaint<double>("0.5", open) == "must be more than 0.5");
  BOOST_TEST(complaint<double>("1.5", open) == "must be less than 1.5");
}

BOOST_AUTO_TEST_CASE(are_not_read_from_anything_else) {
  for (const auto* text : {"null", "true", "\"1\"", "[]", "{}"}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(complaint<double>(text) == "must be a number"); }
  }
}

BOOST_AUTO_TEST_CASE(are_not_truth_values) {
  BOOST_TEST(complaint<bool>("true").empty());
  for (const auto* text : {"null", "0", "1", "\"true\"", "[]", "{}"}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(complaint<bool>(text) == "must be true or false"); }
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(arrays)

BOOST_AUTO_TEST_CASE(must_be_arrays) {
  for (const auto* text : {"null", "true", "1", "\"x\"", "{}"}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(complaint<std::vector<std::string>>(text) == "must be an array"); }
  }
}

BOOST_AUTO_TEST_CASE(may_be_bounded) {
  const json::ArrayRules rules{.count_min = 1, .count_max = 2};

  BOOST_TEST(complaint<std::vector<bool>>("[true]", rules).empty());
  BOOST_TEST(complaint<std::vector<bool>>("[]", rules) == "must have at least 1 elements");
  BOOST_TEST(complaint<std::vector<bool>>("[true,true,true]", rules) == "must have at most 2 elements");
}

BOOST_AUTO_TEST_CASE(of_arrays_are_read) {
  BOOST_TEST(complaint<std::vector<std::vector<std::int64_t>>>("[[1,2],[],[3]]").empty());
  BOOST_TEST(complaint<std::vector<std::vector<std::int64_t>>>("[[1],2]") == "must be an array");
}

BOOST_AUTO_TEST_CASE(take_any_value_where_the_schema_does) {
  BOOST_TEST(complaint<std::vector<json::Value>>(R"([1,"x",null,{"a":[]}])").empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(money_has_an_amount_within_bounds_and_a_currency) {
  const json::MoneyRules price{.min = 0, .max = 100};
  BOOST_TEST(complaint<Money>(R"({"amount_minor":100,"currency":"EUR"})", price).empty());
  BOOST_TEST(complaint<Money>(R"({"amount_minor":101,"currency":"EUR"})", price) == "must be at most 100");
  BOOST_TEST(complaint<Money>(R"({"amount_minor":-1,"currency":"eur"})", price) ==
             "must be at least 0; must match ^[A-Z]{3}$");
  BOOST_TEST(complaint<Money>(R"({"currency":"EUR","cents":1})") == "is required; is not known");
  BOOST_TEST(complaint<Money>("12") == "must be an object");
}

BOOST_AUTO_TEST_CASE(null_is_a_value_only_where_the_schema_says_so) {
  using Note = std::optional<std::string>;
  const json::StringRules rules{.length_max = 3};
  BOOST_TEST(complaint<Note>("null", rules) == "must be a string");
  BOOST_TEST(complaint<Note>("null", json::or_null, rules).empty());
  BOOST_TEST(complaint<Note>("\"abc\"", json::or_null, rules).empty());
  BOOST_TEST(complaint<Note>("\"abcd\"", json::or_null, rules) == "must have at most 3 characters");
}

BOOST_AUTO_TEST_CASE(no_more_than_a_hundred_complaints_are_kept) {
  std::string text = "[";
  for (int i = 0; i < 1000; ++i) text += "0,";
  const auto found = complaints<std::vector<std::string>>(text + "0]");

  BOOST_TEST(found.size() == json::Violations::violations_max);
  BOOST_TEST(found.back() == "#/99 must be a string");
}

BOOST_AUTO_TEST_SUITE(pattern)

BOOST_AUTO_TEST_CASE(is_not_anchored) {
  BOOST_TEST(json::Pattern{"b+"}.found_in("abbc"));
  BOOST_TEST(!json::Pattern{"^b+"}.found_in("abbc"));
}

BOOST_AUTO_TEST_CASE(reads_code_points_and_not_bytes) {
  BOOST_TEST(json::Pattern{"^.$"}.found_in("\xF0\x9F\x98\x80"));
  BOOST_TEST(json::Pattern{"^\\u00e9$"}.found_in("\xC3\xA9"));
  BOOST_TEST(!json::Pattern{"^\\w$"}.found_in("\xC3\xA9"));
  BOOST_TEST(!json::Pattern{"^\\d$"}.found_in("\xD9\xA1"));
}

BOOST_AUTO_TEST_CASE(takes_the_end_for_the_very_end) { BOOST_TEST(!json::Pattern{"^a$"}.found_in("a\n")); }

BOOST_AUTO_TEST_CASE(is_never_found_in_what_is_not_utf8) {
  BOOST_TEST(!json::Pattern{".*"}.found_in("\xFF"));
}

BOOST_AUTO_TEST_CASE(gives_up_on_what_would_take_for_ever) {
  BOOST_TEST(!json::Pattern{"^(a+)+$"}.found_in(std::string(50, 'a') + "!"));
}

BOOST_AUTO_TEST_CASE(is_refused_when_it_is_none) {
  for (const auto* expression : {"[", "(", "a{2,1}", "*", "(?<n", "\\"}) {
    BOOST_TEST_CONTEXT(expression) {
      const auto pattern = json::Pattern::compile(expression);
      BOOST_REQUIRE(!pattern.ok());
      BOOST_TEST((pattern.error() == Error{Errc::invalid_argument, "json.bad_pattern"}));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
