#define BOOST_TEST_MODULE acceptance_newcomers
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <future>
#include <map>
#include <mutex>
#include <thread>

#include "shop_process.hpp"

using namespace acceptance;
using namespace std::chrono_literals;
namespace data = boost::unit_test::data;
namespace rest = shop::rest;

namespace {

constexpr int clients = 1000;

const std::vector<Split> topologies{"", "users,inventory,orders,payments,shipping,notifications"};

/// A server that is full (503) is asked again, as it says itself; no other refusal is.
rest::Shop::Options patient() { return {.attempts_max = 1000, .answer_timeout = 60s}; }

std::string add_product(const ShopProcess& process) {
  rest::Shop shop{process.endpoint(), patient()};
  return shop
      .add_product({.sku = "CHAI",
                    .name = "Chai",
                    .category = "Beverages",
                    .unit_price = {1800, "USD"},
                    .initial_stock = 2 * clients},
                   {"product"})
      .value();
}

std::string register_and_order(const ShopProcess& process, const std::string& product_id,
                               const std::string& name) {
  rest::Shop shop{process.endpoint(), patient()};
  const auto customer =
      shop.register_customer({.name = name, .email = name + "@example.com"}, {"customer-" + name});
  if (!customer.ok()) return customer.error().reason();
  const auto order = shop.place_order({.customer_id = customer.value(),
                                       .lines = {{.product_id = product_id}},
                                       .ship_to = {.name = name,
                                                   .street = "Obere Str. 57",
                                                   .city = "Berlin",
                                                   .postal_code = "12209",
                                                   .country = "Germany"},
                                       .payment_method = "tok_visa"},
                                      {"order-" + name});
  return order.ok() ? "accepted" : order.error().reason();
}

/// How often each answer was given to clients that all come at the same moment.
std::map<std::string, int> answers_to_all(const ShopProcess& process, const std::string& product_id) {
  std::map<std::string, int> answers;
  std::mutex mutex;
  std::promise<void> all_are_here;
  const std::shared_future<void> begin = all_are_here.get_future().share();
  std::vector<std::jthread> threads;
  for (int i = 0; i < clients; ++i) {
    threads.emplace_back([&, i] {
      begin.wait();
      const std::string answer = register_and_order(process, product_id, "client" + std::to_string(i));
      const std::lock_guard lock{mutex};
      ++answers[answer];
    });
  }
  all_are_here.set_value();
  threads.clear();
  return answers;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(newcomers)

// Right after the first start: the links have not carried anything yet.
BOOST_DATA_TEST_CASE(who_register_and_order_at_once_are_not_refused, data::make(topologies), split) {
  ShopProcess process{{}, split};
  process.start();
  const std::string product_id = add_product(process);
  const std::map<std::string, int> answers = answers_to_all(process, product_id);
  for (const auto& [answer, count] : answers) {
    BOOST_TEST_MESSAGE(answer << ": " << count);
    BOOST_TEST(answer == "accepted");
  }
  BOOST_TEST(process.stop() == 0);
}

BOOST_DATA_TEST_CASE(who_never_registered_are_refused_after_a_while, data::make(topologies), split) {
  ShopProcess process{{}, split};
  process.start();
  rest::Shop shop{process.endpoint(), patient()};
  const auto refused = shop.place_order(
      {.customer_id = "01939c5a-7b1e-7c3d-9a50-3f2b8e6d1c54",
       .lines = {{.product_id = "01939c5a-7b1e-7c3d-9a50-3f2b8e6d1c55"}},
       .ship_to = {.name = "Ann", .street = "1 Main St", .city = "Springfield", .country = "USA"},
       .payment_method = "tok_visa"},
      {"order"});
  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST(refused.error().reason() == "orders.unknown_customer");
  BOOST_TEST(process.stop() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
