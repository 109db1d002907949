#define BOOST_TEST_MODULE resilience_guard_settings
#include "banyan/resilience/guard_settings.hpp"

#include <boost/test/unit_test.hpp>

#include "banyan/config/load.hpp"

using namespace banyan;
using namespace std::chrono_literals;

namespace {

struct Fixture {
  config::Schema schema;
  resilience::GuardOptions orders;
  resilience::GuardOptions payments;

  Fixture() {
    resilience::declare(schema, "orders", orders);
    resilience::declare(schema, "payments", payments);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(guard_settings, Fixture)

BOOST_AUTO_TEST_CASE(each_dependency_has_a_table_of_its_own) {
  const auto loaded = config::load(schema, {.arguments = {{"resilience.payments.timeout", "30s"},
                                                          {"resilience.payments.breaker_percent", "80"},
                                                          {"resilience.orders.concurrent_max", "8"}}});
  BOOST_REQUIRE(loaded.ok());
  BOOST_TEST((payments.timeout == 30s));
  BOOST_TEST(payments.breaker.failures_percent == 80);
  BOOST_TEST(payments.bulkhead.concurrent_max == 256U);
  BOOST_TEST((orders.timeout == 5s));
  BOOST_TEST(orders.bulkhead.concurrent_max == 8U);
}

BOOST_AUTO_TEST_CASE(the_defaults_are_those_that_the_documents_name) {
  const resilience::GuardOptions defaults;
  BOOST_TEST((defaults.timeout == 5s));
  BOOST_TEST(defaults.retry.attempts_max == 3);
  BOOST_TEST((defaults.retry.delay_base == 1s));
  BOOST_TEST((defaults.retry.delay_max == 8s));
  BOOST_TEST(defaults.retry_budget.percent == 10);
  BOOST_TEST(defaults.breaker.failures_percent == 50);
  BOOST_TEST((defaults.breaker.window == 10s));
  BOOST_TEST(defaults.breaker.calls_min == 20);
  BOOST_TEST((defaults.breaker.open_for == 30s));
  BOOST_TEST(defaults.breaker.trials == 3);
}

BOOST_AUTO_TEST_CASE(a_value_outside_its_range_is_refused) {
  const auto loaded = config::load(schema, {.arguments = {{"resilience.orders.concurrent_max", "0"},
                                                          {"resilience.orders.breaker_percent", "101"}}});
  BOOST_TEST(loaded.problems.size() == 2U);
  BOOST_TEST(orders.bulkhead.concurrent_max == 256U);
}

BOOST_AUTO_TEST_SUITE_END()
