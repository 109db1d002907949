#define BOOST_TEST_MODULE banyanctl_keys
#include "keys.hpp"

#include <boost/test/unit_test.hpp>

#include "banyan/security/key_folder.hpp"
#include "banyan/testing/manual_clock.hpp"
#include "banyan/testing/temporary_directory.hpp"

using namespace banyan;
using namespace std::chrono_literals;

namespace {

constexpr message::Edge edges[] = {{.from = "gateway", .to = "orders", .calls = {}, .messages = {}},
                                   {.from = "orders", .to = "inventory", .calls = {}, .messages = {}}};

struct Fixture {
  testing::ManualClock clock;
  testing::TemporaryDirectory disk;
  std::string path = disk.path() + "/keys";
  ctl::Keys keys{path, edges, clock};

  std::vector<security::KeyFacts> all() const { return security::KeyFolder{path}.keys().value(); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(keys, Fixture)

BOOST_AUTO_TEST_CASE(init_makes_one_for_every_module_and_the_gateway) {
  BOOST_TEST(keys.init({}) == 0);
  BOOST_REQUIRE(all().size() == 3U);
  BOOST_TEST(all()[0].account == "gateway");
  BOOST_TEST(all()[1].account == "inventory");
  BOOST_TEST(all()[2].account == "orders");
}

BOOST_AUTO_TEST_CASE(init_for_all_leaves_those_that_are_there) {
  BOOST_TEST(keys.init({"orders"}) == 0);
  const std::string before = all()[0].id;
  BOOST_TEST(keys.init({}) == 0);
  BOOST_TEST(all()[2].id == before);
  BOOST_TEST(keys.init({"orders"}) == 1);
}

BOOST_AUTO_TEST_CASE(rotate_without_a_name_replaces_all) {
  BOOST_REQUIRE(keys.init({}) == 0);
  BOOST_TEST(keys.rotate({}, false) == 0);
  BOOST_TEST(all().size() == 6U);
  clock.advance(20min);
  BOOST_TEST(keys.rotate({"orders"}, false) == 0);
  BOOST_TEST(all().size() == 6U);
}

BOOST_AUTO_TEST_CASE(revoking_leaves_the_new_key_alone) {
  BOOST_REQUIRE(keys.init({"orders"}) == 0);
  const std::string before = all()[0].id;
  BOOST_TEST(keys.rotate({"orders"}, true) == 0);
  BOOST_REQUIRE(all().size() == 1U);
  BOOST_TEST(all()[0].id != before);
}

BOOST_AUTO_TEST_CASE(unknown_accounts_and_missing_keys_are_refused) {
  BOOST_TEST(keys.init({"thief"}) == 1);
  BOOST_TEST(keys.rotate({"thief"}, false) == 1);
  BOOST_TEST(keys.rotate({"orders"}, false) == 1);
  BOOST_TEST(keys.rotate({}, false) == 1);
  BOOST_TEST(keys.show(false) == 1);
}

BOOST_AUTO_TEST_CASE(show_works_in_both_forms) {
  BOOST_REQUIRE(keys.init({}) == 0);
  BOOST_TEST(keys.show(false) == 0);
  BOOST_TEST(keys.show(true) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
