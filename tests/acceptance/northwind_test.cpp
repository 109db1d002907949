#define BOOST_TEST_MODULE acceptance_northwind
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "check.hpp"

using namespace acceptance;
namespace data = boost::unit_test::data;

namespace {

// One process; two modules apart; every module apart.
const std::vector<Split> topologies{"", "payments,shipping",
                                    "users,inventory,orders,payments,shipping,notifications"};

struct Shop {
  explicit Shop(const Split& split) : process({}, split) { process.start(); }

  ShopProcess process;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(northwind, Northwind)

BOOST_AUTO_TEST_CASE(the_files_hold_what_their_readme_says) {
  if (is_missing()) return;
  std::int64_t in_stock = 0;
  std::int64_t ordered = 0;
  std::int64_t before_discount = 0;
  for (const auto& product : stream().products) in_stock += product.units_in_stock;
  for (const auto& order : stream().orders) {
    for (const auto& line : order.lines) {
      ordered += line.quantity;
      before_discount += line.quantity * line.unit_price_cents;
    }
  }
  BOOST_TEST(stream().customers.size() == 93u);
  BOOST_TEST(stream().products.size() == 77u);
  BOOST_TEST(stream().orders.size() == 830u);
  BOOST_TEST(in_stock == 3'119);
  BOOST_TEST(ordered == 51'317);
  BOOST_TEST(before_discount == 135'445'859);
}

BOOST_DATA_TEST_CASE(one_order_after_the_other_ends_as_a_plain_count_says, data::make(topologies), split) {
  if (is_missing()) return;
  const Count expected = count(stream());
  Shop shop{split};
  Replay replay{stream(), places_of(shop.process)};
  replay.load();

  replay.place_orders(1);

  replay.come_to_rest();
  check_books(stream(), expected, replay, shop.process);
  check_stores(shop.process);
  report("one after the other", split, expected);
}

BOOST_DATA_TEST_CASE(all_orders_are_confirmed_when_the_stock_suffices_however_many_are_in_flight,
                     data::make(topologies), split) {
  if (is_missing()) return;
  const Units supply = demand_of(stream());
  const Count expected = count(stream(), supply);
  BOOST_TEST(expected.confirmed() == 830);
  BOOST_TEST(expected.units() == 51'317);
  Shop shop{split};
  Replay replay{stream(), places_of(shop.process)};
  replay.load();
  replay.restock(supply);

  replay.place_orders(64);

  replay.come_to_rest();
  check_books(stream(), expected, replay, shop.process);
  check_stores(shop.process);
  report("restocked, 64 in flight", split, expected);
}

BOOST_AUTO_TEST_SUITE_END()
