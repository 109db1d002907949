#define BOOST_TEST_MODULE host_settings
#include "settings.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "banyan/config/load.hpp"

using namespace banyan;
using namespace banyan::host;

namespace {

struct Declared {
  Declared() { declare(schema, settings, {"orders", "users"}); }

  /// The problems of these settings, a line each.
  std::string problems(const config::Variables& arguments) {
    std::string lines;
    const auto loaded = config::load(schema, {.arguments = arguments});
    for (const config::Problem& problem : loaded.problems) lines += problem.what + '\n';
    return lines;
  }

  Settings settings;
  config::Schema schema;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(settings, Declared)

BOOST_AUTO_TEST_CASE(are_right_when_nobody_says_anything) {
  BOOST_TEST(problems({}) == "");
  BOOST_TEST(settings.listen == "127.0.0.1:8080");
  BOOST_TEST(settings.modules.empty());
}

BOOST_AUTO_TEST_CASE(reach_the_options_that_they_name) {
  BOOST_TEST(problems({{"http.body_bytes_max", "2MiB"},
                       {"http.request_timeout", "250ms"},
                       {"delivery.attempts_max", "3"},
                       {"store.readers", "5"},
                       {"process.modules", "users"}}) == "");
  BOOST_TEST(settings.http.body_bytes_max == std::size_t{2} << 20);
  BOOST_TEST((settings.gateway.request_timeout == std::chrono::milliseconds{250}));
  BOOST_TEST(settings.module.retry.attempts_max == 3);
  BOOST_TEST(settings.module.readers == 5U);
  BOOST_TEST(settings.modules == std::vector<std::string>{"users"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(of_guards_are_one_table_for_each_module) {
  declare_guards(schema, settings, {"orders", "payments"});
  BOOST_TEST(
      problems({{"resilience.payments.timeout", "30s"}, {"resilience.payments.concurrent_max", "32"}}) == "");
  BOOST_TEST((settings.guards.at("payments").timeout == std::chrono::seconds{30}));
  BOOST_TEST(settings.guards.at("payments").bulkhead.concurrent_max == 32U);
  BOOST_TEST((settings.guards.at("orders").timeout == std::chrono::seconds{5}));
  BOOST_TEST(problems({{"resilience.cellar.timeout", "30s"}}) != "");
}

BOOST_AUTO_TEST_CASE(are_all_refused_at_once) {
  BOOST_TEST(
      problems({{"http.listen", "localhost"},
                {"process.admin_listen", "1.2.3.4:x"},
                {"http.trusted_peers", "10.0.0.0/8,10.0.0.1/8"},
                {"process.data_dir", ""},
                {"process.modules", "orders,cellar"},
                {"store.durability", "maybe"}}) ==
      "http.listen 'localhost' is no ADDRESS:PORT; for example 127.0.0.1:8080 or [::1]:8080\n"
      "http.trusted_peers has '10.0.0.1/8', which is neither an address nor a network like 10.0.0.0/8 or "
      "fd00::/8\n"
      "process.admin_listen '1.2.3.4:x' is no ADDRESS:PORT; for example 127.0.0.1:8080 or [::1]:8080\n"
      "process.data_dir must be the path of a folder\n"
      "process.modules must be of orders, users, not \"cellar\"\n"
      "store.durability must be one of full, normal\n");
}

BOOST_DATA_TEST_CASE(name_the_broker_as_a_url,
                     boost::unit_test::data::make({"localhost:4222", "http://127.0.0.1:4222", "nats://",
                                                   "nats://:4222", "nats://broker:port", "nats://broker:0",
                                                   "nats://broker:65536", "nats://broker:4222 ",
                                                   "nats://user@broker:4222",
                                                   "nats://a:4222,,nats://b:4222"}),
                     url) {
  BOOST_TEST(problems({{"nats.url", url}})
                 .ends_with("is no nats://host:port; for example "
                            "nats://127.0.0.1:4222\n"));
}

BOOST_AUTO_TEST_CASE(contradict_each_other_if_there_is_a_broker_and_nothing_to_show_it) {
  BOOST_TEST(contradictions(settings, true).empty());
  BOOST_TEST(problems({{"nats.url", "nats://a:4222,tls://[::1]"}}) == "");
  const std::vector<std::string> both = contradictions(settings, true);
  BOOST_REQUIRE(both.size() == 2U);
  BOOST_TEST(both[0].starts_with("nats.url needs nats.pki"));
  BOOST_TEST(both[1].starts_with("nats.url needs nats.keys"));
  BOOST_TEST(contradictions(settings, false) == both, boost::test_tools::per_element());
  settings.nats_pki = "pki";
  settings.nats_keys = "keys";
  BOOST_TEST(contradictions(settings, true).empty());
}

BOOST_AUTO_TEST_CASE(contradict_each_other_if_the_first_delay_is_longer_than_the_longest) {
  BOOST_TEST(problems({{"delivery.retry_delay", "10s"}, {"delivery.retry_delay_max", "5s"}}) == "");
  BOOST_REQUIRE(contradictions(settings, true).size() == 1U);
  BOOST_TEST(
      contradictions(settings, true).front().starts_with("delivery.retry_delay is longer than delivery."));
  settings.module.retry.delay_base = settings.module.retry.delay_max;
  BOOST_TEST(contradictions(settings, true).empty());
  settings.guards["orders"].retry.delay_base = std::chrono::hours{1};
  BOOST_REQUIRE(contradictions(settings, true).size() == 1U);
  BOOST_TEST(contradictions(settings, true).front().starts_with("resilience.orders.retry_delay is longer"));
}

BOOST_AUTO_TEST_CASE(contradict_each_other_if_there_is_neither_a_module_nor_a_broker) {
  BOOST_TEST(contradictions(settings, true).empty());
  BOOST_REQUIRE(contradictions(settings, false).size() == 1U);
  BOOST_TEST(contradictions(settings, false).front().starts_with("nats.url names no broker"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(addresses)

BOOST_AUTO_TEST_CASE(are_read_and_told_as_urls) {
  const std::tuple<const char*, const char*, int, const char*> table[] = {
      {"127.0.0.1:8080", "127.0.0.1", 8080, "http://127.0.0.1:8080"},
      {"0.0.0.0:0", "0.0.0.0", 0, "http://0.0.0.0:0"},
      {"[::1]:65535", "::1", 65535, "http://[::1]:65535"},
      {"[2001:db8::7]:80", "2001:db8::7", 80, "http://[2001:db8::7]:80"},
  };
  for (const auto& [text, host, port, url] : table) {
    BOOST_TEST_CONTEXT(text) {
      const auto address = parse_address(text);
      BOOST_REQUIRE(address.ok());
      BOOST_TEST(address.value().host == host);
      BOOST_TEST(address.value().port == port);
      BOOST_TEST(to_url(address.value()) == url);
    }
  }
}

BOOST_DATA_TEST_CASE(are_refused,
                     boost::unit_test::data::make({"",
                                                   ":",
                                                   "8080",
                                                   ":8080",
                                                   "127.0.0.1",
                                                   "127.0.0.1:",
                                                   "127.0.0.1:x",
                                                   "127.0.0.1:80x",
                                                   "127.0.0.1:-1",
                                                   "127.0.0.1:65536",
                                                   "127.0.0.1: 80",
                                                   "localhost:80",
                                                   "256.0.0.1:80",
                                                   "1.2.3:80",
                                                   "::1:80",
                                                   "[::1]",
                                                   "[::1]80",
                                                   "[::1:80",
                                                   "::1]:80",
                                                   "[]:80",
                                                   "[127.0.0.1]:80",
                                                   "http://127.0.0.1:80",
                                                   "*:80"}),
                     text) {
  const auto address = parse_address(text);
  BOOST_REQUIRE(!address.ok());
  BOOST_TEST(address.error().reason() == "host.bad_address");
}

BOOST_AUTO_TEST_SUITE_END()
