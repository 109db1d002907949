#define BOOST_TEST_MODULE security_statement
#include <boost/test/unit_test.hpp>

#include "accounts.hpp"
#include "banyan/security/statement.hpp"
#include "banyan/security/token_issuer.hpp"

using namespace banyan;
using namespace banyan::security;
using namespace std::chrono_literals;

namespace {

struct Fixture : Accounts {
  std::unique_ptr<StatementSigner> orders;
  std::unique_ptr<StatementVerifier> anybody;

  Fixture() {
    orders = signer("orders");
    anybody = std::move(StatementVerifier::open({.key_folder = folder.public_folder()}, clock)).value();
  }

  std::unique_ptr<StatementSigner> signer(const char* account) {
    return std::move(StatementSigner::open({.key_file = folder.private_file(account)}, clock)).value();
  }
  std::string sign(std::string_view statement) { return orders->sign(statement).value(); }
  std::string signer_of(const std::string& signature, std::string_view statement) {
    const auto account = anybody->verify(signature, statement);
    return account.ok() ? account.value() : account.error().reason();
  }
};

const std::string nobody = "security.unauthenticated";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_statement, Fixture)

BOOST_AUTO_TEST_CASE(is_of_the_account_whose_key_has_signed_it) {
  BOOST_TEST(signer_of(sign("one"), "one") == "orders");
  BOOST_TEST(signer_of(signer("payments")->sign("one").value(), "one") == "payments");
}

BOOST_AUTO_TEST_CASE(is_believed_word_for_word) {
  const std::string signature = sign("one");
  for (const char* other : {"", "on", "one ", "One", "two"})
    BOOST_TEST(signer_of(signature, other) == nobody);
  BOOST_TEST(signer_of(sign(""), "") == "orders");
}

BOOST_AUTO_TEST_CASE(is_not_believed_with_a_signature_of_something_else_or_none) {
  const std::string one = sign("one");
  const std::string two = sign("two");
  const std::string mixed = one.substr(0, one.rfind('.')) + two.substr(two.rfind('.'));
  const std::string token =
      TokenIssuer::open({.account = "orders", .key_file = folder.private_file("orders")}, clock, random)
          .value()
          ->token_for("inventory")
          .value();
  for (const std::string& signature : {std::string{}, std::string{"a.b.c"}, mixed, one + "A", token}) {
    BOOST_TEST(signer_of(signature, "one") == nobody);
  }
}

BOOST_AUTO_TEST_CASE(is_no_token) {
  const std::string payload = R"({"iss":"orders"})";
  BOOST_TEST(signer_of(sign(payload), payload) == "orders");
  BOOST_TEST(sign(payload).substr(0, 10) != "eyJ0eXAiOi");
}

BOOST_AUTO_TEST_CASE(is_signed_with_a_new_key_soon_after_the_rotation_and_believed_at_once) {
  const std::string before = sign("one");
  BOOST_REQUIRE(folder.rotate("orders", clock.utc()).ok());
  clock.advance(5s);
  const std::string after = sign("one");
  BOOST_TEST(before.substr(0, before.find('.')) != after.substr(0, after.find('.')));
  BOOST_TEST(signer_of(after, "one") == "orders");
  BOOST_TEST(signer_of(before, "one") == "orders");
  clock.advance(key_overlap);
  BOOST_TEST(signer_of(before, "one") == nobody);
  BOOST_TEST(signer_of(after, "one") == "orders");
}

BOOST_AUTO_TEST_CASE(is_not_believed_of_a_key_that_was_revoked) {
  const std::string before = sign("one");
  BOOST_REQUIRE(folder.rotate("orders", clock.utc(), 0s).ok());
  clock.advance(10s);
  BOOST_TEST(signer_of(before, "one") == nobody);
}

BOOST_AUTO_TEST_CASE(needs_keys_to_be_made_and_to_be_believed) {
  BOOST_TEST(StatementSigner::open({.key_file = folder.private_file("nobody")}, clock).error().reason() ==
             "security.no_file");
  BOOST_TEST(StatementVerifier::open({.key_folder = disk.path() + "/none"}, clock).error().reason() ==
             "security.no_file");
}

BOOST_AUTO_TEST_SUITE_END()
