#define BOOST_TEST_MODULE gateway_problems
#include "problems.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "library.hpp"

using namespace banyan;
using namespace banyan::gateway;

namespace {

http::Response refused(Edge& edge, const Error& error) {
  edge.module.answer = error;
  return edge.get("/books/1");
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(an_error, Edge)

BOOST_AUTO_TEST_CASE(has_the_status_of_its_code) {
  const std::pair<Errc, int> table[] = {
      {Errc::invalid_argument, 400},  {Errc::not_found, 404},   {Errc::conflict, 409},
      {Errc::already_exists, 409},    {Errc::rejected, 422},    {Errc::resource_exhausted, 503},
      {Errc::deadline_exceeded, 504}, {Errc::unavailable, 503}, {Errc::data_loss, 500},
      {Errc::internal, 500},
  };
  for (const auto& [code, status] : table) {
    BOOST_TEST_CONTEXT(to_string(code)) {
      const auto response = refused(*this, Error{code, "library.surprise"});
      BOOST_TEST(response.status == status);
      BOOST_TEST(member(response, "status") == std::to_string(status));
      BOOST_TEST(member(response, "code") == "BNY-library.surprise");
      BOOST_TEST(header(response, "Content-Type") == "application/problem+json");
      BOOST_TEST(response.headers.contains("Retry-After") == (status == 503));
    }
  }
}

BOOST_AUTO_TEST_CASE(tells_when_to_come_again_as_far_as_that_is_known) {
  const Error open{Errc::unavailable, "resilience.open"};
  BOOST_TEST(header(refused(*this, open), "Retry-After") == "1");
  refused_for = std::chrono::milliseconds{28'100};
  BOOST_TEST(header(refused(*this, open), "Retry-After") == "29");
  const Error full{Errc::resource_exhausted, "resilience.full"};
  BOOST_TEST(header(refused(*this, full), "Retry-After") == "29");
  refused_for = {};
  BOOST_TEST(header(refused(*this, full), "Retry-After") == "1");
  BOOST_TEST(header(refused(*this, Error{Errc::conflict, "idempotency.in_flight"}), "Retry-After") == "1");
  BOOST_TEST(header(refused(*this, Error{Errc::rejected, "library.lent_out"}), "Retry-After") == "");
}

BOOST_AUTO_TEST_CASE(that_the_contract_lists_is_what_the_contract_says) {
  const auto response = refused(*this, Error{Errc::rejected, "library.lent_out", "until Monday"});
  BOOST_TEST(response.status == 423);
  BOOST_TEST(member(response, "type") == "/problems/library-lent-out");
  BOOST_TEST(member(response, "title") == "The book is lent out");
  BOOST_TEST(member(response, "detail") == "until Monday");
  BOOST_TEST(member(response, "code") == "BNY-library.lent_out");
  BOOST_TEST(member(response, "instance") == "/books/1");
}

BOOST_AUTO_TEST_CASE(of_the_runtime_has_a_status_of_its_own_where_its_code_says_too_little) {
  const std::tuple<Errc, const char*, int> table[] = {
      {Errc::already_exists, "idempotency.key_reused", 422},
      {Errc::conflict, "idempotency.in_flight", 409},
      {Errc::deadline_exceeded, "message.expired", 504},
      {Errc::resource_exhausted, "module.not_taken", 503},
      {Errc::resource_exhausted, "module.news_late", 503},
      {Errc::rejected, "remote.not_allowed", 502},
      {Errc::rejected, "security.unauthenticated", 503},
      {Errc::resource_exhausted, "json.too_large", 413},
      {Errc::resource_exhausted, "json.too_deep", 400},
      {Errc::resource_exhausted, "store.full", 503},
      {Errc::resource_exhausted, "store.log_full", 503},
      {Errc::unavailable, "store.unreadable", 503},
      {Errc::unavailable, "store.unwritable", 503},
  };
  for (const auto& [code, reason, status] : table) {
    BOOST_TEST_CONTEXT(reason) { BOOST_TEST(refused(*this, Error{code, reason}).status == status); }
  }
}

BOOST_AUTO_TEST_CASE(of_ours_is_not_told_in_detail) {
  for (const Error& error : {Error{Errc::internal, "store.sql", "near secret"},
                             Error{Errc::data_loss, "store.corrupt", "/var/secret"},
                             Error{Errc::unavailable, "store.unwritable", "/var/secret"},
                             Error{Errc::conflict, "store.constraint", "UNIQUE secret.column"},
                             Error{Errc::internal, "library.surprise", "secret"}}) {
    BOOST_TEST_CONTEXT(error.reason()) {
      const auto response = refused(*this, error);
      BOOST_TEST(response.body.find("secret") == std::string::npos);
      BOOST_TEST(member(response, "code") == "BNY-" + error.reason());
    }
  }
  const auto full = refused(*this, Error{Errc::resource_exhausted, "store.full", "make room"});
  BOOST_TEST(member(full, "detail") == "make room");
}

BOOST_AUTO_TEST_CASE(of_a_module_that_does_not_believe_the_gateway_is_never_that_the_caller_is_unknown) {
  const std::pair<const char*, int> table[] = {{"security.unauthenticated", 503},
                                               {"remote.not_allowed", 502}};
  for (const auto& [reason, status] : table) {
    BOOST_TEST_CONTEXT(reason) {
      const auto response = refused(*this, Error{Errc::rejected, reason, "the token is too old"});
      BOOST_TEST(response.status == status);
      BOOST_TEST(!response.headers.contains("WWW-Authenticate"));
      BOOST_TEST(response.body.find("token") == std::string::npos);
      const auto& said = lines.lines();
      const auto is_told = [&, reason = reason](const std::string& line) {
        return line.find("error") != std::string::npos && line.find(reason) != std::string::npos &&
               line.find("the token is too old") != std::string::npos;
      };
      BOOST_TEST(std::count_if(said.begin(), said.end(), is_told) == 1);
    }
  }
}

BOOST_AUTO_TEST_CASE(is_no_longer_than_the_contracts_say_however_long_what_it_is_about) {
  const auto invalid = send(post("{\"" + std::string(100'000, 'n') + "\":1}"));
  const auto document = json::parse(invalid.body);
  const auto& violations = *document.value().find("errors")->if_a<json::Array>();
  BOOST_TEST(violations.at(0).find("pointer")->if_a<std::string>()->size() <= 500U);
  const auto unknown = get("/" + std::string(8000, 'p'), {});
  BOOST_TEST(member(unknown, "instance").size() <= 2000U);
  std::string euros;
  for (int i = 0; i < 1000; ++i) euros += "€";
  const std::string detail =
      member(refused(*this, Error{Errc::rejected, "library.lent_out", euros}), "detail");
  BOOST_TEST(detail.size() <= 2000U);
  BOOST_TEST(detail.ends_with("€…"));
}

BOOST_AUTO_TEST_CASE(is_one_line_of_json_whatever_its_text) {
  const auto response = refused(*this, Error{Errc::rejected, "library.lent_out", "\"\\\n\x01</script>"});
  BOOST_TEST(member(response, "detail") == "\"\\\n\x01</script>");
  BOOST_TEST(response.body.find('\n') == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(the_type_of_a_problem, Edge)

BOOST_AUTO_TEST_CASE(is_a_page_for_whatever_may_go_wrong) {
  std::vector<http::Response> failures;
  for (int code = 1; code <= 10; ++code) {
    failures.push_back(refused(*this, Error{static_cast<Errc>(code), "library.surprise"}));
  }
  for (const auto& refusal : library().refusals) {
    failures.push_back(refused(*this, Error{Errc::rejected, refusal.reason}));
  }
  for (const char* reason :
       {"idempotency.key_reused", "json.syntax", "store.read_too_long", "module.not_taken"}) {
    failures.push_back(refused(*this, Error{Errc::conflict, reason}));
  }
  failures.push_back(send(post("[]")));
  for (int status = 400; status < 600; ++status) {
    if (!http::reason_phrase(status).empty()) failures.push_back(gateway.on_malformed(status, "because"));
  }
  for (const http::Response& failure : failures) {
    const std::string type = member(failure, "type");
    BOOST_TEST_CONTEXT(type) {
      const auto page = get(type);
      BOOST_TEST(page.status == 200);
      BOOST_TEST(header(page, "Content-Type") == "text/plain; charset=utf-8");
      BOOST_TEST(page.body.find("HTTP status " + member(failure, "status")) != std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(that_nobody_uses_has_no_page) {
  for (const char* path : {"/problems/", "/problems/nothing", "/problems/library.lent_out", "/problems"}) {
    BOOST_TEST_CONTEXT(path) { BOOST_TEST(get(path).status == 404); }
  }
}

BOOST_AUTO_TEST_SUITE_END()
