#define BOOST_TEST_MODULE telemetry_names
#include "banyan/telemetry/names.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "banyan/telemetry/process_metrics.hpp"

using namespace banyan;
using namespace banyan::telemetry;

namespace {

bool is_installed(const std::string& program) {
  return std::system(("command -v " + program + " >/dev/null").c_str()) == 0;
}

void use_every_name(Registry& registry) {
  const Labels module{{"module", "orders"}};
  registry
      .histogram(names::http_server_request_duration, {{"http_request_method", "POST"},
                                                       {"http_route", "/v1/orders/{order_id}"},
                                                       {"http_response_status_code", "202"}})
      .observe(0.3);
  registry.gauge(names::http_server_active_requests, {{"http_request_method", "POST"}}).set(1);
  registry.counter(names::consumer_messages, {{"module", "orders"}, {"type", "t"}, {"outcome", "done"}})
      .add();
  registry.histogram(names::consumer_duration, {{"module", "orders"}, {"type", "t"}}).observe(0.001);
  registry.gauge(names::outbox_depth, module).set(2);
  registry.gauge(names::outbox_oldest_age, module).set(3);
  registry.gauge(names::dead_letters, module).set(0);
  registry.gauge(names::held_requests, module).set(1);
  registry.gauge(names::mailbox_depth, {{"module", "orders"}, {"actor", "writer"}}).set(4);
  registry.gauge(names::module_count, {{"module", "notifications"}, {"what", "waiting"}}).set(1);
  registry.gauge(names::saga_oldest_age, module).set(5);
  registry.counter(names::log_lines_lost).add();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(names)

BOOST_AUTO_TEST_CASE(buckets_of_seconds_reach_from_five_milliseconds_to_ten_seconds) {
  BOOST_TEST(seconds_buckets().size() == 14U);
  BOOST_TEST(seconds_buckets().front() == 0.005);
  BOOST_TEST(seconds_buckets().back() == 10.0);
}

BOOST_AUTO_TEST_CASE(all_pass_the_check_of_prometheus,
                     *boost::unit_test::precondition([](auto) { return is_installed("promtool"); })) {
  Registry registry;
  const ProcessMetrics process{registry};
  use_every_name(registry);

  std::FILE* promtool = ::popen("promtool check metrics", "w");
  BOOST_REQUIRE(promtool != nullptr);
  std::fputs(registry.render().c_str(), promtool);
  BOOST_TEST(::pclose(promtool) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
