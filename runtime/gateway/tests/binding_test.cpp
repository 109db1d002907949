#define BOOST_TEST_MODULE gateway_binding
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "library.hpp"

using namespace banyan;
using namespace banyan::gateway;

namespace {

/// The pointers of a problem's violations, in order.
std::string pointers(const http::Response& response) {
  std::string all;
  const auto document = json::parse(response.body);
  const json::Value* errors = document.value().find("errors");
  if (errors == nullptr) return all;
  for (const json::Value& error : *errors->if_a<json::Array>()) {
    all += *error.find("pointer")->if_a<std::string>() + ' ';
  }
  return all;
}

http::Request patch(http::Headers headers) {
  headers.add("Content-Type", "application/json");
  return {.method = "PATCH", .path = "/books/1", .headers = std::move(headers), .body = R"({"title":"T"})"};
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(parameters, Edge)

BOOST_AUTO_TEST_CASE(of_the_path_fill_members_by_their_names) {
  BOOST_TEST(get("/shelves/a%2Fb/books/c%C3%A4").status == 200);
  BOOST_TEST(asked<GetBook>().shelf.value() == "a/b");
  BOOST_TEST(asked<GetBook>().isbn.value() == "cä");
}

BOOST_AUTO_TEST_CASE(of_the_query_have_the_type_of_their_member) {
  BOOST_TEST(get("/books", "limit=20&price-max=1.5&new=true&title=a+b%26c").status == 200);
  BOOST_TEST(asked<ListBooks>().limit.value() == 20);
  BOOST_TEST(asked<ListBooks>().price_max.value() == 1.5);
  BOOST_TEST(asked<ListBooks>().is_new.value() == true);
  BOOST_TEST(asked<ListBooks>().title.value() == "a b&c");
}

BOOST_AUTO_TEST_CASE(that_are_left_out_leave_their_members_out) {
  BOOST_TEST(get("/books").status == 200);
  BOOST_TEST(!asked<ListBooks>().limit.has_value());
}

BOOST_AUTO_TEST_CASE(of_the_header_are_taken_whatever_the_case_of_their_name) {
  BOOST_TEST(send({.method = "GET", .path = "/books", .headers = {{"x-shelf", "7"}}}).status == 200);
  BOOST_TEST(asked<ListBooks>().isbn.value() == "7");
}

BOOST_DATA_TEST_CASE(of_a_wrong_type_are_refused_where_they_are,
                     boost::unit_test::data::make({"limit=x", "limit=1.5", "limit=", "limit=+5", "limit=0x10",
                                                   "limit=99999999999999999999"}),
                     query) {
  const auto response = get("/books", query);
  BOOST_TEST(response.status == 400);
  BOOST_TEST(member(response, "type") == "/problems/message-invalid");
  BOOST_TEST(pointers(response) == "#/limit ");
  BOOST_TEST(module.asked.empty());
}

BOOST_DATA_TEST_CASE(that_are_no_finite_number_are_refused,
                     boost::unit_test::data::make({"nan", "inf", "-inf", "infinity", "1e999", "-1", "0x1p3"}),
                     number) {
  const auto response = get("/books", "price-max=" + std::string{number});
  BOOST_TEST(response.status == 400);
  BOOST_TEST(pointers(response) == "#/price_max ");
}

BOOST_AUTO_TEST_CASE(that_are_wrong_are_all_told_at_once) {
  BOOST_TEST(pointers(get("/books", "limit=0&new=yes&title=")) == "#/title #/limit #/is_new ");
}

BOOST_DATA_TEST_CASE(that_nobody_knows_or_that_come_twice_or_are_badly_encoded_are_refused,
                     boost::unit_test::data::make({"colour=red", "limit=1&limit=1", "isbn=1", "X-Shelf=1",
                                                   "title=%", "title=%zz", "title=%00", "title=%FF",
                                                   "%FF=1"}),
                     query) {
  const auto response = get("/books", query);
  BOOST_TEST(response.status == 400);
  BOOST_TEST(member(response, "type") == "/problems/bad-request");
  BOOST_TEST(!member(response, "detail").empty());
  BOOST_TEST(module.asked.empty());
}

BOOST_AUTO_TEST_CASE(of_the_path_that_are_badly_encoded_are_refused) {
  BOOST_TEST(get("/books/%FF").status == 400);
  BOOST_TEST(get("/books/%00").status == 400);
}

BOOST_AUTO_TEST_CASE(of_the_header_are_given_once_and_in_utf8) {
  BOOST_TEST(send({.method = "GET", .path = "/books", .headers = {{"X-Shelf", "\xFF"}}}).status == 400);
  BOOST_TEST(
      send({.method = "GET", .path = "/books", .headers = {{"X-Shelf", "1"}, {"X-Shelf", "2"}}}).status ==
      400);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(bodies, Edge)

BOOST_AUTO_TEST_CASE(fill_the_members_that_no_parameter_fills) {
  const auto request = patch({{"If-Match", "\"v3\""}});
  BOOST_TEST(send(request).status == 200);
  BOOST_TEST(asked<ChangeBook>().isbn.value() == "1");
  BOOST_TEST(asked<ChangeBook>().title.value() == "T");
  BOOST_TEST(asked<ChangeBook>().expected_version.value() == 3);
}

BOOST_AUTO_TEST_CASE(cannot_say_what_a_parameter_says) {
  http::Request request = patch({{"If-Match", "\"v3\""}});
  request.body = R"({"title":"T","isbn":"2"})";
  const auto response = send(request);
  BOOST_TEST(response.status == 400);
  BOOST_TEST(pointers(response) == "#/isbn ");
}

BOOST_AUTO_TEST_CASE(that_break_the_schema_are_refused_with_every_pointer) {
  const auto response = send(post(R"({"title":"","limit":1.5,"colour":"red"})"));
  BOOST_TEST(response.status == 400);
  BOOST_TEST(member(response, "code") == "BNY-message.invalid");
  BOOST_TEST(member(response, "detail") == "3 violations");
  BOOST_TEST(pointers(response) == "#/title #/limit #/colour ");
}

BOOST_DATA_TEST_CASE(that_are_no_objects_are_refused,
                     boost::unit_test::data::make({"[]", "1", "\"x\"", "null", "true"}), body) {
  const auto response = send(post(body));
  BOOST_TEST(response.status == 400);
  BOOST_TEST(pointers(response) == "# ");
}

BOOST_AUTO_TEST_CASE(that_are_no_json_are_refused_by_what_is_wrong) {
  const std::string deep(65, '[');
  std::string many = "{\"a\":[0";
  for (int i = 0; i < 10'000; ++i) many += ",0";
  many += "]}";
  const std::pair<std::string, std::string> table[] = {
      {"", "json-syntax"},
      {"{", "json-syntax"},
      {"{\"title\":\"\xFF\"}", "json-syntax"},
      {R"({"title":"a","title":"b"})", "json-duplicate-member"},
      {R"({"limit":9223372036854775808})", "json-number-range"},
      {deep, "json-too-deep"},
      {many, "json-too-many"},
  };
  for (const auto& [body, slug] : table) {
    BOOST_TEST_CONTEXT(slug) {
      const auto response = send(post(body));
      BOOST_TEST(response.status == 400);
      BOOST_TEST(member(response, "type") == "/problems/" + slug);
      BOOST_TEST(member(response, "title").starts_with("The body "));
    }
  }
}

BOOST_AUTO_TEST_CASE(are_refused_where_none_is_taken) {
  const auto response = send({.method = "GET", .path = "/books", .body = "{}"});
  BOOST_TEST(response.status == 400);
  BOOST_TEST(member(response, "detail") == "this operation takes no body");
}

BOOST_AUTO_TEST_CASE(are_json_by_their_content_type) {
  for (const char* type : {"application/json", "Application/JSON", "application/json; charset=utf-8",
                           "application/json \t;charset=utf-8"}) {
    http::Request request = post("{}");
    request.headers.set("Content-Type", type);
    BOOST_TEST_CONTEXT(type) { BOOST_TEST(send(request).status == 201); }
  }
  for (const char* type : {"", "text/plain", "application/jsonx", "application/problem+json", "json",
                           "application/x-www-form-urlencoded", ";application/json"}) {
    http::Request request = post("{}");
    request.headers.set("Content-Type", type);
    BOOST_TEST_CONTEXT(type) {
      const auto response = send(request);
      BOOST_TEST(response.status == 415);
      BOOST_TEST(member(response, "type") == "/problems/unsupported-media-type");
    }
  }
}

BOOST_AUTO_TEST_CASE(need_one_content_type) {
  http::Request request = post("{}");
  request.headers = {{"Idempotency-Key", "k"}};
  BOOST_TEST(send(request).status == 415);
  request = post("{}");
  request.headers.add("Content-Type", "application/json");
  BOOST_TEST(send(request).status == 415);
}

BOOST_AUTO_TEST_CASE(are_not_taken_compressed) {
  http::Request request = post("{}");
  request.headers.add("Content-Encoding", "gzip");
  BOOST_TEST(send(request).status == 415);
  request.headers.set("Content-Encoding", "identity");
  BOOST_TEST(send(request).status == 201);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(versions, Edge)

BOOST_AUTO_TEST_CASE(are_needed_where_a_resource_is_changed) {
  const auto response = send(patch({}));
  BOOST_TEST(response.status == 428);
  BOOST_TEST(member(response, "type") == "/problems/precondition-required");
}

BOOST_AUTO_TEST_CASE(that_are_not_one_tag_of_ours_do_not_match) {
  for (const char* tag : {"", "*", "v3", "\"3\"", "\"v\"", "\"v3", "\"vx\"", "\"v3x\"", "\"v03\"", "\"v+3\"",
                          "W/\"v3\"", "\"v3\", \"v4\"", "\"v9223372036854775808\""}) {
    BOOST_TEST_CONTEXT(tag) {
      const auto response = send(patch({{"If-Match", tag}}));
      BOOST_TEST(response.status == 412);
      BOOST_TEST(member(response, "type") == "/problems/precondition-failed");
    }
  }
  BOOST_TEST(module.asked.empty());
}

BOOST_AUTO_TEST_CASE(are_the_answers_strong_tags) {
  BOOST_TEST(header(get("/books/1"), "ETag") == "\"v7\"");
  BOOST_TEST(header(get("/books"), "ETag") == "");
}

BOOST_AUTO_TEST_CASE(that_the_caller_has_are_not_sent_again) {
  for (const char* method : {"GET", "HEAD"}) {
    for (const char* tag : {"\"v7\"", "W/\"v7\"", "*", "\"v6\", \"v7\"", "\"v6\" ,\tW/\"v7\""}) {
      BOOST_TEST_CONTEXT(method << ' ' << tag) {
        const auto response =
            send({.method = method, .path = "/books/1", .headers = {{"If-None-Match", tag}}});
        BOOST_TEST(response.status == 304);
        BOOST_TEST(response.body == "");
        BOOST_TEST(header(response, "ETag") == "\"v7\"");
        BOOST_TEST(!response.headers.contains("Content-Type"));
      }
    }
  }
  for (const char* tag : {"\"v6\"", "v7", "", ",", "\"v70\"", "\"v6\","}) {
    BOOST_TEST_CONTEXT(tag) {
      BOOST_TEST(send({.method = "GET", .path = "/books/1", .headers = {{"If-None-Match", tag}}}).status ==
                 200);
    }
  }
}

BOOST_AUTO_TEST_CASE(of_a_part_of_the_answer_do_not_keep_the_rest_from_being_sent) {
  const auto response =
      send({.method = "GET", .path = "/shelves/a/books/1", .headers = {{"If-None-Match", "\"v7\""}}});
  BOOST_TEST(response.status == 200);
  BOOST_TEST(header(response, "ETag") == "\"v7\"");
}

BOOST_AUTO_TEST_CASE(do_not_keep_a_change_from_being_answered) {
  http::Request request = patch({{"If-Match", "\"v3\""}});
  request.headers.add("If-None-Match", "\"v7\"");
  BOOST_TEST(send(request).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(answers, Edge)

BOOST_AUTO_TEST_CASE(are_json_with_the_status_of_the_contract) {
  const auto response = send(post("{}"));
  BOOST_TEST(response.status == 201);
  BOOST_TEST(header(response, "Content-Type") == "application/json");
  BOOST_TEST(response.body == R"({"isbn":"1","version":7})");
  BOOST_TEST(header(response, "Location") == "/books/1");
}

BOOST_AUTO_TEST_CASE(without_content_have_no_body) {
  const auto response = send({.method = "DELETE", .path = "/books/1"});
  BOOST_TEST(response.status == 204);
  BOOST_TEST(response.body == "");
  BOOST_TEST(!response.headers.contains("Content-Type"));
}

BOOST_AUTO_TEST_CASE(link_to_the_next_page_by_the_same_request) {
  module.answer = message::Payload::of(Book{.next = "x/9"});
  BOOST_TEST(header(get("/books", "title=a+b&cursor=old&limit=2"), "Link") ==
             "</books?title=a%20b&limit=2&cursor=x%2F9>; rel=\"next\"");
  module.answer = message::Payload::of(Book{});
  BOOST_TEST(!get("/books").headers.contains("Link"));
}

BOOST_AUTO_TEST_SUITE_END()
