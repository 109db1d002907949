#define BOOST_TEST_MODULE split_clocks
#include <array>
#include <boost/test/unit_test.hpp>
#include <cinttypes>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <sstream>
#include <thread>

#include "acceptance/shop_process.hpp"
#include "banyan/http/client.hpp"
#include "banyan/testing/temporary_directory.hpp"

using namespace std::chrono_literals;
using shop::rest::Shop;
using std::string;

namespace {

constexpr std::array every_program{"banyan-users",    "banyan-inventory", "banyan-orders",
                                   "banyan-payments", "banyan-shipping",  "banyan-notifications",
                                   "banyan-gateway"};
constexpr std::array differences{-60s, 60s, -3600s, 86400s};
constexpr std::chrono::seconds wrong_for{2};
constexpr std::chrono::seconds patience{90};

using Programs = std::vector<string>;

template <class T>
T value_of(banyan::Result<T> result) {
  if (result.ok()) return std::move(result).value();
  throw std::runtime_error(result.error().reason() + ": " + result.error().detail());
}

/// The times of day that programs see.
class Clocks {
 public:
  void set(const string& program, std::chrono::seconds difference) const {
    const string path = directory_.path() + "/" + program;
    std::ofstream{path + ".new"} << difference.count();
    std::filesystem::rename(path + ".new", path);
  }
  void set(const Programs& programs, std::chrono::seconds difference) const {
    for (const string& program : programs) set(program, difference);
  }
  acceptance::ShopProcess::Environment environment() const {
    return {{"LD_PRELOAD", SET_CLOCK}, {"SET_CLOCK", directory_.path()}};
  }

 private:
  banyan::testing::TemporaryDirectory directory_;
};

/// The split shop, with one customer who orders one product, one order after the other.
class Orders {
 public:
  Orders() {
    // So that certificates, which are new with each start of all, are good at every time that a program sees.
    clocks_.set("banyanctl", -48h);
    process_.start();
    Shop shop = client();
    customer_ = value_of(shop.register_customer({.name = "Anna", .email = "anna@example.com"}, {"customer"}));
    product_ = value_of(shop.add_product({.sku = "tea",
                                          .name = "Tea",
                                          .category = "Drinks",
                                          .unit_price = {.amount_minor = 250, .currency = "EUR"},
                                          .initial_stock = 100'000},
                                         {"product"}));
  }

  /// Orders before, while and after these programs see a wrong time, and checks what became of all orders.
  void survive(const Programs& programs, std::chrono::seconds difference, bool at_the_start) {
    place(2);
    if (at_the_start) stop(programs);
    clocks_.set(programs, difference);
    if (at_the_start) start(programs);
    auto meanwhile = std::async(std::launch::async, [this] { place(2); });
    std::this_thread::sleep_for(wrong_for);
    clocks_.set(programs, 0s);
    meanwhile.get();
    place(2);
    check();
  }

  /// Nothing was done twice, nothing is left, and no command was found to have come too late.
  void audit() {
    Shop shop = client();
    const auto ordered = static_cast<std::int64_t>(placed_.size());
    const auto product = value_of(shop.product(product_));
    BOOST_TEST(product.sold == ordered);
    BOOST_TEST(product.reserved == 0);
    const auto payments = value_of(shop.payments());
    BOOST_TEST(std::ssize(payments) == ordered);
    for (const auto& payment : payments) BOOST_TEST(payment.amount.amount_minor == 250);
    BOOST_TEST(std::ssize(value_of(shop.shipments())) == ordered);
    BOOST_TEST(expired() == 0);
    BOOST_TEST(process_.stop() == 0);
    BOOST_TEST(process_.stores_are_sound());
    std::printf("audit: %" PRId64 " orders confirmed\n", ordered);
  }

 private:
  Shop client() {
    return Shop{[this] { return process_.endpoint(); }, {.attempts_max = 500}};
  }

  // As a client that never gives up: whoever has another time of day is not believed, for as long as it has.
  void place(int count) {
    Shop shop = client();
    for (int i = 0; i < count; ++i) placed_.push_back(insist(shop, placed_.size()));
  }

  string insist(Shop& shop, std::size_t number) {
    const auto end = std::chrono::steady_clock::now() + patience;
    for (;;) {
      auto order_id = shop.place_order(order(), {"order" + std::to_string(number)});
      if (order_id.ok() || std::chrono::steady_clock::now() > end) return value_of(std::move(order_id));
      std::this_thread::sleep_for(50ms);
    }
  }

  shop::rest::NewOrder order() const {
    return {.customer_id = customer_,
            .lines = {{.product_id = product_}},
            .ship_to = {.name = "Anna", .street = "Lindenallee 1", .city = "Kiel", .country = "DE"},
            .payment_method = "tok_visa"};
  }

  void check() {
    Shop shop = client();
    for (std::size_t i = checked_; i < placed_.size(); ++i) {
      const auto settled = shop.settled_order(placed_[i], patience);
      if (!settled.ok()) BOOST_FAIL("an order does not end: " << settled.error().detail());
      BOOST_TEST(settled.value().status == "confirmed");
      BOOST_TEST(insist(shop, i) == placed_[i]);
    }
    checked_ = placed_.size();
    Programs listed;
    for (const auto& order : value_of(shop.orders_of(customer_))) listed.push_back(order.order_id);
    const Programs newest_first{placed_.rbegin(), placed_.rend()};
    BOOST_TEST(listed == newest_first, boost::test_tools::per_element());
    const auto placed_at_last = value_of(shop.order(placed_.back())).history.front().at;
    const auto off = banyan::SystemClock{}.utc() - placed_at_last;
    BOOST_TEST((-5s < off && off < patience));
  }

  void stop(const Programs& programs) {
    if (programs.size() == every_program.size()) {
      BOOST_TEST(process_.stop() == 0);
      return;
    }
    for (const string& program : programs) process_.stop(name_of(program));
  }
  void start(const Programs& programs) {
    if (programs.size() == every_program.size()) return process_.start();
    for (const string& program : programs) process_.start(name_of(program));
  }
  static string name_of(const string& program) { return program.substr(program.find('-') + 1); }

  std::int64_t expired() {
    std::int64_t sum = 0;
    for (const auto& process : process_.administrations()) {
      banyan::http::Client client{{.address = process.address, .port = process.port}};
      std::istringstream lines{value_of(client.send({.method = "GET", .path = "/metrics"})).body};
      for (string line; std::getline(lines, line);) {
        if (line.starts_with("banyan_consumer_expired_total{"))
          sum += std::stoll(line.substr(line.rfind(' ')));
      }
    }
    return sum;
  }

  Clocks clocks_;
  acceptance::ShopProcess process_{clocks_.environment(),
                                   "users,inventory,orders,payments,shipping,notifications",
                                   {"--certificate-days", "30"}};
  string customer_;
  string product_;
  std::vector<string> placed_;
  std::size_t checked_ = 0;
};

void survive(Orders& orders, const Programs& programs, std::chrono::seconds difference, bool at_the_start) {
  const string when = at_the_start ? "at the start" : "while it runs";
  const string who = programs.size() == 1 ? programs.front() : "all";
  BOOST_TEST_CONTEXT(who << " set by " << difference.count() << " s " << when) {
    const auto began = std::chrono::steady_clock::now();
    orders.survive(programs, difference, at_the_start);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    std::printf("%s set by %" PRId64 " s %s: %.1f s\n", who.c_str(), std::int64_t{difference.count()},
                when.c_str(), took.count());
    std::fflush(stdout);
  }
}

bool is_long() { return std::getenv("CLOCKS_ALL") != nullptr; }

}  // namespace

BOOST_AUTO_TEST_SUITE(a_clock_that_is_wrong_for_a_while_and_then_set_right)

BOOST_AUTO_TEST_CASE(has_every_checkout_end_once_and_lists_in_their_order) {
  Orders orders;
  const Programs all{every_program.begin(), every_program.end()};
  if (is_long()) {
    for (const bool at_the_start : {false, true}) {
      for (const auto difference : differences) {
        for (const string program : every_program) survive(orders, {program}, difference, at_the_start);
        survive(orders, all, difference, at_the_start);
      }
    }
  } else {
    survive(orders, {"banyan-orders"}, -60s, true);
    survive(orders, {"banyan-inventory"}, 86400s, false);
    survive(orders, all, -3600s, false);
  }
  orders.audit();
}

BOOST_AUTO_TEST_SUITE_END()
