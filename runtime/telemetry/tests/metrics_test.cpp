#define BOOST_TEST_MODULE telemetry_metrics
#include "banyan/telemetry/metrics.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <limits>
#include <thread>

using namespace banyan;
using namespace banyan::telemetry;
using namespace std::chrono_literals;

namespace {

constexpr Metric messages{"messages_total", "Messages."};
constexpr Metric depth{"depth", "Depth."};
constexpr Metric took{"took_seconds", "Time."};

}  // namespace

BOOST_AUTO_TEST_SUITE(metrics)

BOOST_AUTO_TEST_CASE(counter_counts_per_set_of_labels) {
  Registry registry;
  auto done = registry.counter(messages, {{"outcome", "done"}});
  auto dead = registry.counter(messages, {{"outcome", "dead"}});
  done.add();
  done.add(2);
  dead.add();
  BOOST_TEST(registry.render() ==
             "# HELP messages_total Messages.\n# TYPE messages_total counter\n"
             "messages_total{outcome=\"dead\"} 1\nmessages_total{outcome=\"done\"} 3\n");
}

BOOST_AUTO_TEST_CASE(asking_twice_gives_the_same_cell_whatever_the_order_of_labels) {
  Registry registry;
  auto first = registry.counter(messages, {{"a", "1"}, {"b", "2"}});
  auto second = registry.counter(messages, {{"b", "2"}, {"a", "1"}});
  first.add();
  BOOST_TEST(second.value() == 1U);
}

BOOST_AUTO_TEST_CASE(gauge_goes_up_and_down) {
  Registry registry;
  auto gauge = registry.gauge(depth);
  gauge.set(5);
  gauge.add(-7);
  BOOST_TEST(gauge.value() == -2);
  BOOST_TEST(registry.render() == "# HELP depth Depth.\n# TYPE depth gauge\ndepth -2\n");
}

BOOST_AUTO_TEST_CASE(histogram_counts_a_value_in_every_bucket_that_reaches_it) {
  Registry registry;
  constexpr std::array bounds{0.5, 1.0};
  auto histogram = registry.histogram(took, {}, bounds);
  histogram.observe(0.5);
  histogram.observe(750ms);
  histogram.observe(3s);
  BOOST_TEST(registry.render() ==
             "# HELP took_seconds Time.\n# TYPE took_seconds histogram\n"
             "took_seconds_count 3\ntook_seconds_sum 4.25\n"
             "took_seconds_bucket{le=\"0.5\"} 1\ntook_seconds_bucket{le=\"1\"} 2\n"
             "took_seconds_bucket{le=\"+Inf\"} 3\n");
}

BOOST_AUTO_TEST_CASE(reading_is_asked_at_each_scrape_until_its_registration_ends) {
  Registry registry;
  double value = 1.5;
  {
    const auto registration = registry.gauge(depth, {{"module", "orders"}}, [&] { return value; });
    BOOST_TEST(registry.render().ends_with("depth{module=\"orders\"} 1.5\n"));
    value = 2;
    BOOST_TEST(registry.render().ends_with("depth{module=\"orders\"} 2\n"));
  }
  BOOST_TEST(registry.render() == "");
}

BOOST_AUTO_TEST_CASE(registration_moves_and_may_outlive_the_registry) {
  Registry::Registration kept;
  {
    Registry registry;
    auto first = registry.counter(messages, {}, [] { return 7; });
    kept = std::move(first);
    BOOST_TEST(registry.render().ends_with("messages_total 7\n"));
  }
}

BOOST_AUTO_TEST_CASE(replacing_a_registration_ends_the_one_before) {
  Registry registry;
  auto registration = registry.gauge(depth, {{"actor", "a"}}, [] { return 1; });
  registration = registry.gauge(depth, {{"actor", "b"}}, [] { return 2; });
  BOOST_TEST(registry.render().find("actor=\"a\"") == std::string::npos);
  BOOST_TEST(registry.render().find("actor=\"b\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(escapes_the_values_of_labels) {
  Registry registry;
  registry.counter(messages, {{"type", "a\"b\\c\nd"}}).add();
  BOOST_TEST(registry.render().ends_with("messages_total{type=\"a\\\"b\\\\c\\nd\"} 1\n"));
}

BOOST_AUTO_TEST_CASE(shows_what_is_not_finite_as_prometheus_does) {
  Registry registry;
  const auto none =
      registry.gauge(depth, {{"a", "1"}}, [] { return std::numeric_limits<double>::quiet_NaN(); });
  const auto most =
      registry.gauge(depth, {{"a", "2"}}, [] { return std::numeric_limits<double>::infinity(); });
  BOOST_TEST(registry.render().ends_with("depth{a=\"1\"} Nan\ndepth{a=\"2\"} +Inf\n"));
}

BOOST_AUTO_TEST_CASE(loses_no_count_when_many_threads_add_while_others_scrape) {
  Registry registry;
  auto counter = registry.counter(messages);
  auto histogram = registry.histogram(took);
  std::atomic<std::size_t> rendered{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([counter, histogram, &registry, &rendered]() mutable {
        for (int i = 0; i < 10'000; ++i) {
          counter.add();
          histogram.observe(0.25);
          if (i % 1'000 == 0) rendered += registry.render().size();
        }
      });
    }
  }
  BOOST_TEST(rendered > 0U);
  BOOST_TEST(counter.value() == 40'000U);
  BOOST_TEST(registry.render().find("took_seconds_sum 10000\n") != std::string::npos);
  BOOST_TEST(registry.render().find("took_seconds_count 40000\n") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
