#define BOOST_TEST_MODULE http_message
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <map>
#include <memory>
#include <regex>

#include "banyan/http/handler.hpp"
#include "banyan/http/message.hpp"
#include "banyan/http/uri.hpp"

using namespace banyan;

BOOST_AUTO_TEST_SUITE(headers)

BOOST_AUTO_TEST_CASE(are_found_without_regard_to_case) {
  const http::Headers headers{{"Content-Type", "a"}, {"X-B", "b"}};
  BOOST_REQUIRE(headers.find("content-type"));
  BOOST_TEST(*headers.find("CONTENT-TYPE") == "a");
  BOOST_TEST(!headers.contains("Content"));
}

BOOST_AUTO_TEST_CASE(keep_repeated_fields_in_order) {
  http::Headers headers{{"Via", "a"}, {"X", "x"}};
  headers.add("via", "b");
  const auto values = headers.all("VIA");
  BOOST_REQUIRE(values.size() == 2U);
  BOOST_TEST(values[0] == "a");
  BOOST_TEST(values[1] == "b");
}

BOOST_AUTO_TEST_CASE(replace_all_fields_of_a_name_even_by_one_of_their_values) {
  http::Headers headers{{"Via", "a long value that is not stored in place"}, {"X", "x"}, {"VIA", "b"}};
  headers.set("via", *headers.find("Via"));
  BOOST_TEST(headers.size() == 2U);
  BOOST_TEST(*headers.find("Via") == "a long value that is not stored in place");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_problem)

BOOST_AUTO_TEST_CASE(is_a_document_of_rfc_9457) {
  const http::Response response = http::problem(413, "a \"large\"\nbody");
  BOOST_TEST(response.status == 413);
  BOOST_TEST(*response.headers.find("Content-Type") == "application/problem+json");
  BOOST_TEST(response.body ==
             R"({"type":"/problems/content-too-large","title":"Content Too Large","status":413,)"
             R"("detail":"a \"large\"\u000abody","code":"BNY-HTTP-413"})");
}

BOOST_AUTO_TEST_CASE(is_json_whatever_its_detail_quotes) {
  const std::string body = http::problem(404, "no module \xF5x").body;
  BOOST_TEST(body.find("no module \xEF\xBF\xBDx") != body.npos, body);
}

BOOST_AUTO_TEST_CASE(has_the_reason_as_its_code_if_there_is_one) {
  BOOST_TEST(http::problem(409, "it waits", "delivery.not_dead").body ==
             R"({"type":"/problems/conflict","title":"Conflict","status":409,"detail":"it waits",)"
             R"("code":"BNY-delivery.not_dead"})");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(the_status_of_an_error)

BOOST_AUTO_TEST_CASE(is_the_one_that_the_reference_tells) {
  std::map<std::string, int, std::less<>> told;
  std::ifstream page{CHECKOUT "/docs/reference/errors.md"};
  const std::regex row{R"(\| `(\w+)` \| (\d{3}) \|.*)"};
  std::smatch match;
  for (std::string line; std::getline(page, line);) {
    if (std::regex_match(line, match, row)) told.emplace(match[1], std::stoi(match[2]));
  }
  BOOST_TEST(told.size() == 10U);
  for (int number = 1; number <= 10; ++number) {
    const auto code = static_cast<Errc>(number);
    BOOST_TEST_CONTEXT(to_string(code)) {
      const auto row_of_code = told.find(to_string(code));
      BOOST_REQUIRE((row_of_code != told.end()));
      BOOST_TEST(http::status_of(code) == row_of_code->second);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_responder)

BOOST_AUTO_TEST_CASE(lets_its_sink_see_that_the_last_copy_is_gone) {
  struct Sink final : http::AnswerSink {
    explicit Sink(bool& ended) : gone(ended) {}
    ~Sink() override { gone = true; }
    void answer(http::Response) noexcept override {}
    bool& gone;
  };
  bool gone = false;
  {
    const http::Responder responder{std::make_shared<Sink>(gone)};
    { const http::Responder copy = responder; }
    BOOST_TEST(!gone);
  }
  BOOST_TEST(gone);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(percent_encoding)

BOOST_AUTO_TEST_CASE(is_undone) {
  BOOST_TEST(http::percent_decode("a%20b%2Fc%C3%a4+d").value() == "a b/c\xc3\xa4+d");
  BOOST_TEST(http::percent_decode("").value() == "");
}

BOOST_AUTO_TEST_CASE(is_refused_where_it_is_wrong) {
  for (const std::string_view text : {"%", "a%4", "%zz", "%%20", "%00", "a%00b", "%ff", "%c3", "%ed%a0%80"}) {
    BOOST_TEST_CONTEXT(text) {
      const auto decoded = http::percent_decode(text);
      BOOST_REQUIRE(!decoded.ok());
      BOOST_TEST(decoded.error().reason() == "http.bad_encoding");
    }
  }
}

BOOST_AUTO_TEST_CASE(keeps_only_unreserved_characters) {
  BOOST_TEST(http::percent_encode("aZ09-._~ /?&=+%\xc3\xa4") == "aZ09-._~%20%2F%3F%26%3D%2B%25%C3%A4");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_query)

BOOST_AUTO_TEST_CASE(is_split_and_decoded_in_order) {
  const auto parsed = http::parse_query("a=1&b=x+y%2Bz&a=2&flag&=v&&e=");
  BOOST_REQUIRE(parsed.ok());
  const auto& list = parsed.value();
  BOOST_REQUIRE(list.size() == 6U);
  BOOST_TEST(list[0].name == "a");
  BOOST_TEST(list[0].value == "1");
  BOOST_TEST(list[1].value == "x y+z");
  BOOST_TEST(list[2].value == "2");
  BOOST_TEST(list[3].name == "flag");
  BOOST_TEST(list[3].value == "");
  BOOST_TEST(list[4].name == "");
  BOOST_TEST(list[5].name == "e");
}

BOOST_AUTO_TEST_CASE(is_refused_with_a_bad_name_or_value) {
  BOOST_TEST(!http::parse_query("a=%").ok());
  BOOST_TEST(!http::parse_query("%zz=1").ok());
  BOOST_TEST(http::parse_query("").value().empty());
}

BOOST_AUTO_TEST_SUITE_END()
