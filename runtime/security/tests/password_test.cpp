#define BOOST_TEST_MODULE security_password
#include "banyan/security/password.hpp"

#include <boost/test/unit_test.hpp>

using namespace banyan;
using namespace banyan::security;

namespace {

constexpr PasswordCost cheap{.passes = PasswordCost::passes_min,
                             .memory_bytes = PasswordCost::memory_min_bytes};

std::string hash_of(std::string_view password) { return hash_password(password, cheap).value(); }

}  // namespace

BOOST_AUTO_TEST_CASE(a_hash_is_verified_by_its_password_alone) {
  const std::string hash = hash_of("correct horse");

  BOOST_TEST(verify_password(hash, "correct horse"));
  BOOST_TEST(!verify_password(hash, "correct horse "));
  BOOST_TEST(!verify_password(hash, "Correct horse"));
  BOOST_TEST(!verify_password(hash, ""));
}

BOOST_AUTO_TEST_CASE(the_same_password_never_has_the_same_hash_twice) {
  BOOST_TEST(hash_of("secret") != hash_of("secret"));
}

BOOST_AUTO_TEST_CASE(a_hash_is_argon2id_and_does_not_hold_the_password) {
  const std::string hash = hash_of("secret");

  BOOST_TEST(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
  BOOST_TEST(hash.size() < 128U);
  BOOST_TEST(hash.find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_default_cost_is_two_passes_over_64_mebibytes) {
  const std::string hash = hash_password("secret").value();

  BOOST_TEST(hash.starts_with("$argon2id$v=19$m=65536,t=2,p=1$"));
  BOOST_TEST(verify_password(hash, "secret"));
}

BOOST_AUTO_TEST_CASE(every_byte_of_a_password_counts) {
  using namespace std::string_view_literals;
  const std::string hash = hash_of("a\0b"sv);

  BOOST_TEST(verify_password(hash, "a\0b"sv));
  BOOST_TEST(!verify_password(hash, "a\0c"sv));
  BOOST_TEST(!verify_password(hash, "a"sv));
}

BOOST_AUTO_TEST_CASE(an_empty_password_and_a_long_one_can_be_hashed) {
  const std::string long_password(100'000, 'x');

  BOOST_TEST(verify_password(hash_of(""), ""));
  BOOST_TEST(verify_password(hash_of(long_password), long_password));
}

BOOST_AUTO_TEST_CASE(what_is_no_hash_verifies_nothing) {
  const std::string hash = hash_of("secret");

  BOOST_TEST(!verify_password("", "secret"));
  BOOST_TEST(!verify_password("secret", "secret"));
  BOOST_TEST(!verify_password("$argon2id$", "secret"));
  BOOST_TEST(!verify_password(hash.substr(0, hash.size() - 1), "secret"));
  BOOST_TEST(!verify_password(hash + "A", "secret"));
  BOOST_TEST(!verify_password(std::string(4096, '$'), "secret"));
}
