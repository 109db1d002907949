#define BOOST_TEST_MODULE host_operators_only
#include "operators_only.hpp"

#include <boost/test/unit_test.hpp>
#include <optional>

using namespace banyan;
using namespace banyan::host;

namespace {

class Sink final : public http::AnswerSink {
 public:
  explicit Sink(std::optional<http::Response>& to) : to_(to) {}
  void answer(http::Response response) noexcept override { to_ = std::move(response); }

 private:
  std::optional<http::Response>& to_;
};

/// The status with which a page of administration answers a request with these fields.
int asked_with(http::Headers headers, const std::vector<std::string>& names = {},
               const std::string& method = "GET") {
  gateway::Page page{method, "/admin/thing", [](const auto&, const auto&, const http::Responder& respond) {
                       respond({.status = 200});
                     }};
  std::optional<http::Response> response;
  operators_only({std::move(page)}, names)
      .front()
      .serve({.method = method, .headers = std::move(headers)}, {},
             http::Responder{std::make_shared<Sink>(response)});
  return response.value().status;
}

}  // namespace

BOOST_AUTO_TEST_CASE(tools_are_answered) {
  BOOST_TEST(asked_with({}) == 200);
  for (const char* host : {"127.0.0.1:8081", "127.0.0.1", "[::1]:8081", "[::1]", "10.0.0.7:80",
                           "localhost:8081", "orders:8081", "orders"}) {
    BOOST_TEST_CONTEXT(host) { BOOST_TEST(asked_with({{"Host", host}}) == 200); }
  }
}

BOOST_AUTO_TEST_CASE(an_address_that_somebody_typed_is_answered) {
  BOOST_TEST(asked_with({{"Host", "localhost:8081"}, {"Sec-Fetch-Site", "none"}}) == 200);
}

BOOST_AUTO_TEST_CASE(what_a_web_page_asks_for_is_refused_whether_it_reads_or_changes) {
  for (const char* method : {"GET", "POST"}) {
    for (const char* origin : {"https://evil.example", "null", "http://127.0.0.1:8081"}) {
      BOOST_TEST_CONTEXT(method << ' ' << origin) {
        BOOST_TEST(asked_with({{"Origin", origin}}, {}, method) == 403);
      }
    }
    for (const char* site : {"cross-site", "same-site", "same-origin", "", "NONE"}) {
      BOOST_TEST_CONTEXT(method << ' ' << site) {
        BOOST_TEST(asked_with({{"Sec-Fetch-Site", site}}, {}, method) == 403);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_name_that_its_owner_can_let_mean_this_machine_is_refused) {
  for (const char* host :
       {"evil.example:8081", "evil.example", "127.0.0.1.evil.example", "127.0.0.1.nip.io:8081"}) {
    BOOST_TEST_CONTEXT(host) { BOOST_TEST(asked_with({{"Host", host}}) == 403); }
  }
}

BOOST_AUTO_TEST_CASE(a_name_that_is_listed_is_answered) {
  const std::vector<std::string> names{"admin.shop.example"};
  BOOST_TEST(asked_with({{"Host", "admin.shop.example:8081"}}, names) == 200);
  BOOST_TEST(asked_with({{"Host", "Admin.Shop.Example"}}, names) == 200);
  BOOST_TEST(asked_with({{"Host", "shop.example"}}, names) == 403);
  BOOST_TEST(asked_with({{"Host", "evil.example"}, {"X", "admin.shop.example"}}, names) == 403);
}

BOOST_AUTO_TEST_CASE(a_listed_name_has_the_form_of_one) {
  BOOST_TEST(check_host_name("admin.shop.example").ok());
  for (const char* name : {"", "a:1", "http://a", "a/b", "*"}) {
    BOOST_TEST_CONTEXT(name) { BOOST_TEST(check_host_name(name).error().reason() == "host.bad_name"); }
  }
}
