#define BOOST_TEST_MODULE users_module
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "banyan/testing/world.hpp"
#include "shop/users/messages.hpp"
#include "shop/users/module.hpp"
#include "shop/users/reasons.hpp"

using namespace shop::users;
using banyan::Result;
using banyan::Uuid;
using banyan::testing::World;
using namespace std::chrono_literals;

namespace {

RegisterCustomer somebody(std::string email) {
  return {.name = "Maria Anders",
          .email = std::move(email),
          .password = std::nullopt,
          .phone = "030-0074321",
          .address = Address{.street = "Obere Str. 57",
                             .city = "Berlin",
                             .region = std::nullopt,
                             .postal_code = "12209",
                             .country = "Germany"}};
}

ChangeProfile change_of(const Uuid& customer, std::int64_t version) {
  ChangeProfile change;
  change.customer_id = customer;
  change.expected_version = version;
  return change;
}

template <class T>
void check_refused(const Result<T>& outcome, const banyan::Reason& reason) {
  BOOST_REQUIRE(!outcome.ok());
  BOOST_TEST(outcome.error().reason() == reason.name);
  BOOST_CHECK(outcome.error().code() == reason.code);
}

struct Heard {
  std::vector<CustomerRegistered> registered;
  std::vector<ProfileChanged> changed;
};

/// A module that notes what users tells.
banyan::module::Module listener(Heard& heard) {
  return banyan::module::Module{"listener", {}}
      .on<CustomerRegistered>([&heard](banyan::Tx&, const CustomerRegistered& event, const banyan::Context&) {
        heard.registered.push_back(event);
        return banyan::success();
      })
      .on<ProfileChanged>([&heard](banyan::Tx&, const ProfileChanged& event, const banyan::Context&) {
        heard.changed.push_back(event);
        return banyan::success();
      });
}

struct Shop {
  Heard heard;
  World world{{users(), listener(heard)}};

  Uuid add(std::string email) { return world.call(somebody(std::move(email))).value().customer_id; }
  Customer get(const Uuid& customer) { return world.call(GetCustomer{.customer_id = customer}).value(); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(registering, Shop)

BOOST_AUTO_TEST_CASE(keeps_the_profile_and_tells_the_others) {
  const auto registration = world.call(somebody("Maria@Example.com"));
  BOOST_REQUIRE(registration.ok());
  BOOST_TEST(registration.value().version == 1);

  const Customer customer = get(registration.value().customer_id);
  BOOST_TEST(customer.name == "Maria Anders");
  BOOST_TEST(customer.email == "Maria@Example.com");
  BOOST_TEST(customer.phone.value() == "030-0074321");
  BOOST_CHECK(customer.address == somebody("").address);
  BOOST_CHECK(customer.registered_at == world.clock().utc());
  BOOST_REQUIRE(heard.registered.size() == 1U);
  BOOST_CHECK((heard.registered.front() == CustomerRegistered{.customer_id = customer.customer_id,
                                                              .name = customer.name,
                                                              .email = customer.email,
                                                              .phone = customer.phone}));
}

BOOST_AUTO_TEST_CASE(refuses_an_address_that_differs_only_in_case) {
  add("maria@example.com");
  check_refused(world.call(somebody("MARIA@example.COM")), email_taken);
  BOOST_TEST(heard.registered.size() == 1U);
}

BOOST_AUTO_TEST_CASE(keeps_a_password_only_as_a_hash) {
  RegisterCustomer command = somebody("maria@example.com");
  command.password = "correct horse battery";
  BOOST_REQUIRE(world.call(command).ok());
  const auto hash = world.value<std::string>("users", "SELECT password_hash FROM users_customer");
  BOOST_REQUIRE(hash.has_value());
  BOOST_TEST(hash->starts_with("$argon2id$"));
}

BOOST_AUTO_TEST_CASE(needs_neither_password_nor_address_nor_phone) {
  const RegisterCustomer bare{.name = "Ana",
                              .email = "ana@example.com",
                              .password = std::nullopt,
                              .phone = std::nullopt,
                              .address = std::nullopt};
  const Customer customer = get(world.call(bare).value().customer_id);
  BOOST_CHECK(!customer.phone);
  BOOST_CHECK(!customer.address);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(changing, Shop)

BOOST_AUTO_TEST_CASE(counts_the_version_and_tells_the_others) {
  const Uuid maria = add("maria@example.com");
  world.advance(1h, 1h);
  ChangeProfile change = change_of(maria, 1);
  change.email = "anders@example.com";
  change.address = Address{.street = "Neue Str. 1",
                           .city = "Bonn",
                           .region = "NRW",
                           .postal_code = std::nullopt,
                           .country = "Germany"};

  const auto changed = world.call(change);

  BOOST_REQUIRE(changed.ok());
  BOOST_TEST(changed.value().version == 2);
  BOOST_CHECK(changed.value() == get(maria));
  BOOST_TEST(changed.value().email == "anders@example.com");
  BOOST_CHECK(changed.value().address == change.address);
  BOOST_CHECK(changed.value().changed_at - changed.value().registered_at == 1h);
  BOOST_REQUIRE(heard.changed.size() == 1U);
  BOOST_TEST(heard.changed.front().version == 2);
  BOOST_TEST(heard.changed.front().email == "anders@example.com");
}

BOOST_AUTO_TEST_CASE(refuses_a_version_that_is_not_the_newest) {
  const Uuid maria = add("maria@example.com");
  ChangeProfile change = change_of(maria, 1);
  change.name = "Maria A.";
  BOOST_REQUIRE(world.call(change).ok());
  change.name = "Maria B.";
  check_refused(world.call(change), stale_version);
  BOOST_TEST(get(maria).name == "Maria A.");
}

BOOST_AUTO_TEST_CASE(changes_nothing_if_nothing_is_different) {
  const Uuid maria = add("maria@example.com");
  BOOST_TEST(world.call(change_of(maria, 1)).value().version == 1);
  BOOST_TEST(heard.changed.empty());
}

BOOST_AUTO_TEST_CASE(refuses_the_address_of_somebody_else_but_not_ones_own_in_another_case) {
  const Uuid maria = add("maria@example.com");
  add("ana@example.com");
  ChangeProfile change = change_of(maria, 1);
  change.email = "ANA@example.com";
  check_refused(world.call(change), email_taken);
  change.email = "MARIA@example.com";
  BOOST_TEST(world.call(change).value().email == "MARIA@example.com");
}

BOOST_AUTO_TEST_CASE(frees_the_old_address) {
  ChangeProfile change = change_of(add("maria@example.com"), 1);
  change.email = "anders@example.com";
  BOOST_REQUIRE(world.call(change).ok());
  BOOST_TEST(world.call(somebody("maria@example.com")).ok());
}

BOOST_AUTO_TEST_CASE(refuses_a_customer_who_does_not_exist) {
  check_refused(world.call(change_of(Uuid{}, 1)), unknown_customer);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(asking, Shop)

BOOST_AUTO_TEST_CASE(lists_all_in_the_order_of_registration_page_by_page) {
  std::vector<Uuid> added;
  for (char c = 'a'; c <= 'e'; ++c) {
    added.push_back(add(std::string{c} + "@example.com"));
    world.advance(1ms, 1ms);
  }

  std::vector<Uuid> listed;
  ListCustomers query{.cursor = std::nullopt, .limit = 2};
  do {
    const CustomerPage page = world.call(query).value();
    for (const Customer& customer : page.items) listed.push_back(customer.customer_id);
    query.cursor = page.next_cursor;
  } while (query.cursor);
  BOOST_CHECK(listed == added);
}

BOOST_AUTO_TEST_CASE(refuses_a_cursor_that_it_did_not_give_and_an_unknown_customer) {
  check_refused(world.call(ListCustomers{.cursor = "2", .limit = 20}), bad_cursor);
  check_refused(world.call(GetCustomer{.customer_id = Uuid{}}), unknown_customer);
}

BOOST_AUTO_TEST_SUITE_END()
