#define BOOST_TEST_MODULE inventory_stock_invariants_module
#include <boost/test/unit_test.hpp>
#include <random>

#include "orders_double.hpp"
#include "warehouse.hpp"

using namespace shop::inventory;
using namespace std::chrono_literals;
using banyan::Uuid;
using banyan::testing::Passage;
using banyan::testing::World;

namespace {

constexpr int products_count = 4;
constexpr int orders_count = 40;

/// A shop that does one thing after the other, as chance will have it, and crashes now and then.
class RandomShop {
 public:
  RandomShop(std::uint32_t seed, Passage passage)
      : chance_{seed},
        world{{inventory(), listener(heard_), orders_double()}, {.passage = passage, .seed = seed}} {
    for (int i = 0; i < products_count; ++i) {
      const AddProduct product = article("P" + std::to_string(i), 20);
      products_.push_back(world.call(product).value().product_id);
      came_in_ += product.initial_stock;
    }
  }

  void take_a_step() {
    if (below(15) == 0) world.crash_at(below(2) == 0 ? "before_commit" : "after_commit");
    const auto order = static_cast<std::uint8_t>(below(orders_count));
    switch (below(8)) {
      case 0:
      case 1:
      case 2:
        return try_to_reserve(order);
      case 3:
      case 4:
        return try_to_confirm(order);
      case 5:
        static_cast<void>(world.call(ReleaseStock{.order_id = id(order)}));
        break;
      case 6:
        static_cast<void>(world.call(Cancel{.number = order}));
        break;
      default:
        world.advance(std::chrono::minutes{below(6)}, 30s);
    }
    world.recover();
  }

  void restock() {
    world.faults().clear();
    const int quantity = 1 + below(5);
    const Uuid& product = products_.at(static_cast<std::size_t>(below(products_count)));
    BOOST_REQUIRE(world.call(RestockProduct{.product_id = product, .quantity = quantity}).ok());
    came_in_ += quantity;
  }

  std::int64_t came_in() const { return came_in_; }

 private:
  int below(int limit) { return static_cast<int>(chance_() % static_cast<std::uint32_t>(limit)); }

  void try_to_reserve(std::uint8_t order) {
    ReserveStock command{.order_id = id(order), .customer_id = id(200)};
    for (int line = below(3); line >= 0; --line) {
      command.lines.push_back({products_.at(static_cast<std::size_t>(below(products_count))), 1 + below(6)});
    }
    static_cast<void>(world.call(command));
    world.recover();
  }

  /// Orders confirms only what has been reserved.
  void try_to_confirm(std::uint8_t order) {
    if (world.call(GetReservation{.order_id = id(order)}).ok()) {
      static_cast<void>(world.call(Confirm{.number = order}));
    }
    world.recover();
  }

  Heard heard_;
  std::mt19937 chance_;
  std::vector<Uuid> products_;
  std::int64_t came_in_ = 0;

 public:
  World world;
};

constexpr const char* units_in_stock = "SELECT sum(available + reserved + sold) FROM inventory_stock";

constexpr const char* products_whose_reserved_is_wrong = R"(
  SELECT count(*) FROM inventory_stock AS stock WHERE reserved <>
    (SELECT coalesce(sum(quantity), 0)
     FROM inventory_reservation_line AS line JOIN inventory_reservation USING (order_id)
     WHERE line.product_id = stock.product_id AND state = 'held'))";

constexpr const char* products_whose_sold_is_wrong = R"(
  SELECT count(*) FROM inventory_stock AS stock WHERE sold <>
    (SELECT coalesce(sum(quantity), 0)
     FROM inventory_reservation_line AS line JOIN inventory_reservation USING (order_id)
     WHERE line.product_id = stock.product_id AND state = 'consumed') -
    (SELECT coalesce(sum(quantity), 0)
     FROM inventory_shortfall AS shortfall JOIN inventory_reservation USING (order_id)
     WHERE shortfall.product_id = stock.product_id AND state = 'consumed'))";

void check_invariants(RandomShop& shop) {
  const auto value = [&](const char* sql) {
    return shop.world.value<std::int64_t>("inventory", sql).value();
  };
  BOOST_TEST(value(units_in_stock) == shop.came_in());
  BOOST_TEST(value(products_whose_reserved_is_wrong) == 0);
  BOOST_TEST(value(products_whose_sold_is_wrong) == 0);
  BOOST_TEST(shop.world.instance("inventory").health().parked == 0U);
}

void run(std::uint32_t seed, Passage passage) {
  RandomShop shop{seed, passage};
  for (int round = 0; round < 20; ++round) {
    for (int step = 0; step < 10; ++step) shop.take_a_step();
    shop.restock();
    BOOST_TEST_CONTEXT("seed " << seed << ", round " << round) { check_invariants(shop); }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(whatever_happens)

BOOST_AUTO_TEST_CASE(no_unit_is_lost_or_made_up) {
  for (std::uint32_t seed = 1; seed <= 5; ++seed) run(seed, Passage::direct);
}

BOOST_AUTO_TEST_CASE(no_unit_is_lost_or_made_up_through_bytes_and_twice) {
  for (std::uint32_t seed = 6; seed <= 8; ++seed) run(seed, Passage::encoded);
}

BOOST_AUTO_TEST_CASE(no_unit_is_lost_or_made_up_between_processes) { run(9, Passage::split); }

BOOST_AUTO_TEST_SUITE_END()
