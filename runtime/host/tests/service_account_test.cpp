#define BOOST_TEST_MODULE host_service_account
#include "service_account.hpp"

#include <boost/test/unit_test.hpp>

#include "banyan/security/key_folder.hpp"
#include "banyan/testing/temporary_directory.hpp"

using namespace banyan;
using namespace banyan::host;

namespace {

struct Accounts {
  Accounts() {
    for (const char* name : {"orders", "payments"}) BOOST_REQUIRE(keys.create(name).ok());
  }
  std::unique_ptr<ServiceAccount> open(const std::string& name) {
    return std::move(ServiceAccount::open(name, folder, clock, random)).value();
  }

  SystemClock clock;
  SystemRandom random;
  testing::TemporaryDirectory disk;
  std::string folder = disk.path() + "/keys";
  security::KeyFolder keys{folder};
};

std::string reason(const auto& result) { return result.ok() ? std::string{} : result.error().reason(); }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_service_account, Accounts)

BOOST_AUTO_TEST_CASE(is_believed_by_whom_it_calls) {
  const auto authorization = open("orders")->authorization_for("payments");
  BOOST_REQUIRE(authorization.ok());
  BOOST_TEST(open("payments")->caller_of(authorization.value()).value() == "orders");
}

BOOST_AUTO_TEST_CASE(is_believed_by_nobody_else) {
  const auto authorization = open("orders")->authorization_for("payments");
  BOOST_TEST(reason(open("orders")->caller_of(authorization.value())) == "security.unauthenticated");
}

BOOST_AUTO_TEST_CASE(believes_nothing_but_a_bearer_token) {
  const auto payments = open("payments");
  const std::string good = open("orders")->authorization_for("payments").value();
  const std::string token = good.substr(std::string_view{"Bearer "}.size());
  const std::vector<std::string> table = {"",       token,     "bearer " + token, "Basic " + token,
                                          "Bearer", "Bearer ", good + "x",        "Bearer  " + token};
  for (const std::string& bad : table) {
    BOOST_TEST_CONTEXT(bad) { BOOST_TEST(reason(payments->caller_of(bad)) == "security.unauthenticated"); }
  }
}

BOOST_AUTO_TEST_CASE(needs_a_key) {
  BOOST_TEST(reason(ServiceAccount::open("shipping", folder, clock, random)) == "security.no_file");
  BOOST_TEST(reason(ServiceAccount::open("orders", disk.path() + "/none", clock, random)) ==
             "security.no_file");
}

BOOST_AUTO_TEST_CASE(signs_what_others_find_elsewhere) {
  const auto signature = open("orders")->sign("a row");
  BOOST_REQUIRE(signature.ok());
  BOOST_TEST(open("payments")->signer_of(signature.value(), "a row").value() == "orders");
  BOOST_TEST(reason(open("payments")->signer_of(signature.value(), "a rows")) == "security.unauthenticated");
}

BOOST_AUTO_TEST_SUITE_END()
