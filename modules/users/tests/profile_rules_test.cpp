#define BOOST_TEST_MODULE profile_rules
#include "profile_rules.hpp"

#include <boost/test/unit_test.hpp>

#include "use_cases.hpp"

using namespace shop::users;
using banyan::security::PasswordCost;

namespace {

constexpr PasswordCost cheap{.passes = PasswordCost::passes_min,
                             .memory_bytes = PasswordCost::memory_min_bytes};

Customer maria() {
  return {.customer_id = {},
          .version = 1,
          .name = "Maria Anders",
          .email = "maria@example.com",
          .phone = "030-0074321",
          .address = std::nullopt,
          .registered_at = {},
          .changed_at = {}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(addresses)

BOOST_AUTO_TEST_CASE(are_compared_without_regard_to_case) {
  BOOST_TEST(folded("Maria.ANDERS@Example.COM") == "maria.anders@example.com");
}

BOOST_AUTO_TEST_CASE(keep_what_is_no_ascii_letter) { BOOST_TEST(folded("Ä+1@x.y") == "Ä+1@x.y"); }

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_change)

BOOST_AUTO_TEST_CASE(leaves_what_it_does_not_name) { BOOST_CHECK(with_change(maria(), {}) == maria()); }

BOOST_AUTO_TEST_CASE(replaces_what_it_names) {
  const Address berlin{.street = "Obere Str. 57",
                       .city = "Berlin",
                       .region = std::nullopt,
                       .postal_code = "12209",
                       .country = "Germany"};
  const Customer changed = with_change(maria(), {.customer_id = {},
                                                 .expected_version = 1,
                                                 .name = "Maria A.",
                                                 .email = "m@example.com",
                                                 .phone = "1",
                                                 .address = berlin});
  BOOST_TEST(changed.name == "Maria A.");
  BOOST_TEST(changed.email == "m@example.com");
  BOOST_TEST(changed.phone.value() == "1");
  BOOST_CHECK(changed.address == berlin);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(passwords)

BOOST_AUTO_TEST_CASE(become_a_hash_that_tells_right_from_wrong) {
  RegisterCustomer command;
  command.password = "correct horse battery";
  const auto hash = hash_for(command, cheap);
  BOOST_REQUIRE(hash.ok());
  BOOST_REQUIRE(hash.value().has_value());
  BOOST_TEST(hash.value()->starts_with("$argon2id$"));
  BOOST_TEST(banyan::security::verify_password(*hash.value(), "correct horse battery"));
  BOOST_TEST(!banyan::security::verify_password(*hash.value(), "correct horse batterie"));
}

BOOST_AUTO_TEST_CASE(need_not_be_given) {
  BOOST_CHECK(!hash_for(RegisterCustomer{}, cheap).value().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
