#define BOOST_TEST_MODULE inventory_reservation_module
#include <boost/test/unit_test.hpp>

#include "orders_double.hpp"
#include "shop/inventory/reasons.hpp"
#include "warehouse.hpp"

using namespace shop::inventory;
using namespace std::chrono_literals;
using banyan::Result;
using banyan::Uuid;
using banyan::testing::Topologies;
using banyan::testing::World;

namespace {

struct Warehouse {
  explicit Warehouse(banyan::testing::Passage passage = banyan::testing::Passage::direct)
      : world{{inventory(), listener(heard), orders_double()}, {.passage = passage}} {
    chai = world.call(article("CHAI", 10)).value().product_id;
    tofu = world.call(article("TOFU", 5)).value().product_id;
  }

  Result<StockReserved> reserve(std::uint8_t order, std::vector<StockLine> lines) {
    return world.call(ReserveStock{.order_id = id(order), .customer_id = id(200), .lines = std::move(lines)});
  }
  std::int64_t release(std::uint8_t order) {
    return world.call(ReleaseStock{.order_id = id(order)}).value().units;
  }
  void confirm(std::uint8_t order) { BOOST_REQUIRE(world.call(Confirm{.number = order}).ok()); }
  void cancel(std::uint8_t order) { BOOST_REQUIRE(world.call(Cancel{.number = order}).ok()); }
  void expire_all() { world.advance(15min + 10s, 5s); }
  Product get(const Uuid& product) { return world.call(GetProduct{.product_id = product}).value(); }
  std::string stock(const Uuid& product) { return stock_of(get(product)); }
  ReservationState state(std::uint8_t order) {
    return world.call(GetReservation{.order_id = id(order)}).value().state;
  }
  std::int64_t shortfall(std::uint8_t order) {
    return world
        .value<std::int64_t>("inventory",
                             "SELECT coalesce(sum(quantity), 0) FROM inventory_shortfall WHERE order_id = ?1",
                             id(order))
        .value();
  }

  Heard heard;
  World world;
  Uuid chai;
  Uuid tofu;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(reserving, Warehouse)

BOOST_AUTO_TEST_CASE(holds_all_lines_at_the_price_of_the_catalogue_for_a_quarter_of_an_hour) {
  const auto reserved = reserve(1, {{chai, 4}, {tofu, 5}});
  BOOST_REQUIRE(reserved.ok());
  BOOST_CHECK((reserved.value().lines ==
               std::vector<ReservedLine>{{chai, 4, {1800, "USD"}}, {tofu, 5, {1800, "USD"}}}));
  BOOST_CHECK(reserved.value().expires_at == world.clock().utc() + 15min);
  BOOST_TEST(stock(chai) == "6 available, 4 reserved, 0 sold");
  BOOST_TEST(stock(tofu) == "0 available, 5 reserved, 0 sold");
  const auto found = world.call(GetReservation{.order_id = id(1)}).value();
  BOOST_CHECK((found == Reservation{.order_id = id(1),
                                    .customer_id = id(200),
                                    .state = ReservationState::held,
                                    .lines = reserved.value().lines,
                                    .expires_at = reserved.value().expires_at}));
}

BOOST_AUTO_TEST_CASE(adds_up_lines_of_the_same_product) {
  BOOST_REQUIRE(reserve(1, {{chai, 4}, {chai, 6}}).ok());
  BOOST_TEST(stock(chai) == "0 available, 10 reserved, 0 sold");
  confirm(1);
  BOOST_TEST(stock(chai) == "0 available, 0 reserved, 10 sold");
  check_refused(reserve(2, {{chai, 1}}), out_of_stock);
}

BOOST_AUTO_TEST_CASE(holds_nothing_if_one_line_is_short_or_unknown) {
  check_refused(reserve(1, {{chai, 4}, {tofu, 6}}), out_of_stock);
  check_refused(reserve(1, {{chai, 6}, {chai, 5}}), out_of_stock);
  check_refused(reserve(1, {{chai, 4}, {id(9), 1}}), unknown_product);
  BOOST_TEST(stock(chai) == "10 available, 0 reserved, 0 sold");
  check_refused(world.call(GetReservation{.order_id = id(1)}), unknown_reservation);
  BOOST_TEST(reserve(1, {{chai, 4}}).ok());
}

BOOST_AUTO_TEST_CASE(answers_a_repeat_as_the_first_time_also_when_sold) {
  const auto first = reserve(1, {{chai, 4}, {tofu, 1}});
  world.advance(1min, 1min);
  BOOST_CHECK(reserve(1, {{chai, 4}, {tofu, 1}}).value() == first.value());
  confirm(1);
  BOOST_CHECK(reserve(1, {{chai, 4}, {tofu, 1}}).value() == first.value());
  BOOST_TEST(stock(chai) == "6 available, 0 reserved, 4 sold");
}

BOOST_AUTO_TEST_CASE(keeps_the_price_of_the_first_time) {
  reserve(1, {{chai, 1}}).value();
  BOOST_REQUIRE(world
                    .call(ChangeProduct{
                        .product_id = chai, .expected_version = 1, .unit_price = banyan::Money{9900, "USD"}})
                    .ok());
  BOOST_TEST(reserve(1, {{chai, 1}}).value().lines.front().unit_price.amount_minor == 1800);
  BOOST_TEST(reserve(2, {{chai, 1}}).value().lines.front().unit_price.amount_minor == 9900);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(releasing, Warehouse)

BOOST_AUTO_TEST_CASE(gives_held_units_back_once_and_tells) {
  reserve(1, {{chai, 4}, {tofu, 5}}).value();
  BOOST_TEST(release(1) == 9);
  BOOST_TEST(release(1) == 9);
  BOOST_TEST(stock(chai) == "10 available, 0 reserved, 0 sold");
  BOOST_CHECK(state(1) == ReservationState::released);
  BOOST_REQUIRE(heard.released.size() == 1U);
  BOOST_CHECK((heard.released.front() == StockReleased{.order_id = id(1),
                                                       .customer_id = id(200),
                                                       .reason = ReleaseReason::cancelled,
                                                       .lines = {{chai, 4}, {tofu, 5}}}));
}

BOOST_AUTO_TEST_CASE(gives_sold_units_back) {
  reserve(1, {{chai, 4}}).value();
  confirm(1);
  BOOST_TEST(release(1) == 4);
  BOOST_TEST(stock(chai) == "10 available, 0 reserved, 0 sold");
}

BOOST_AUTO_TEST_CASE(releasing_nothing_is_fine_and_closes_the_order) {
  BOOST_TEST(release(1) == 0);
  BOOST_TEST(release(1) == 0);
  check_refused(reserve(1, {{chai, 1}}), reservation_closed);
  check_refused(world.call(GetReservation{.order_id = id(1)}), unknown_reservation);
  BOOST_TEST(stock(chai) == "10 available, 0 reserved, 0 sold");
  BOOST_TEST(heard.released.empty());
}

BOOST_AUTO_TEST_CASE(a_released_order_holds_nothing_any_more) {
  reserve(1, {{chai, 4}}).value();
  release(1);
  check_refused(reserve(1, {{chai, 4}}), reservation_closed);
  confirm(1);
  BOOST_CHECK(state(1) == ReservationState::released);
  BOOST_TEST(stock(chai) == "10 available, 0 reserved, 0 sold");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(following_orders)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_confirmed_order_has_bought_what_it_held, Topology, Topologies) {
  Warehouse shop{Topology::passage};
  shop.reserve(1, {{shop.chai, 4}, {shop.tofu, 1}}).value();
  shop.reserve(2, {{shop.chai, 2}}).value();
  shop.confirm(1);
  shop.confirm(1);
  BOOST_TEST(shop.stock(shop.chai) == "4 available, 2 reserved, 4 sold");
  BOOST_TEST(shop.stock(shop.tofu) == "4 available, 0 reserved, 1 sold");
  BOOST_CHECK(shop.state(1) == ReservationState::consumed);
  BOOST_CHECK(shop.state(2) == ReservationState::held);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_cancelled_order_gives_back_what_it_held_or_bought, Topology, Topologies) {
  Warehouse shop{Topology::passage};
  shop.reserve(1, {{shop.chai, 4}}).value();
  shop.reserve(2, {{shop.tofu, 2}}).value();
  shop.confirm(2);
  shop.cancel(1);
  shop.cancel(2);
  shop.cancel(2);
  BOOST_TEST(shop.stock(shop.chai) == "10 available, 0 reserved, 0 sold");
  BOOST_TEST(shop.stock(shop.tofu) == "5 available, 0 reserved, 0 sold");
  BOOST_TEST(shop.heard.released.size() == 2U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_happens_to_the_stock_leaves_the_version_that_was_read, Topology,
                              Topologies) {
  Warehouse shop{Topology::passage};
  const std::int64_t read = shop.get(shop.chai).version;
  const auto change = [&](std::int64_t version, std::string name) {
    return shop.world.call(ChangeProduct{.product_id = shop.chai, .expected_version = version, .name = name});
  };
  for (std::uint8_t order = 1; order <= 4; ++order) shop.reserve(order, {{shop.chai, 1}}).value();
  shop.confirm(1);
  shop.cancel(1);
  shop.release(2);
  BOOST_REQUIRE(shop.world.call(RestockProduct{.product_id = shop.chai, .quantity = 5}).ok());
  shop.expire_all();
  shop.confirm(3);

  BOOST_TEST(change(read, "Chai tea").value().version == read + 1);
  check_refused(change(read, "Masala chai"), stale_version);
  BOOST_TEST(shop.get(shop.chai).name == "Chai tea");
  BOOST_TEST(shop.stock(shop.chai) == "14 available, 0 reserved, 1 sold");
}

BOOST_FIXTURE_TEST_CASE(a_cancelled_order_that_was_released_before_is_left_alone, Warehouse) {
  reserve(1, {{chai, 4}}).value();
  release(1);
  cancel(1);
  BOOST_TEST(stock(chai) == "10 available, 0 reserved, 0 sold");
  BOOST_TEST(heard.released.size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_cancelled_order_that_held_nothing_cannot_hold_anything_later, Warehouse) {
  cancel(1);
  check_refused(reserve(1, {{chai, 1}}), reservation_closed);
}

BOOST_FIXTURE_TEST_CASE(a_confirmed_order_that_never_held_anything_waits_for_somebody_to_look, Warehouse) {
  confirm(1);
  BOOST_TEST(world.instance("inventory").health().parked == 1U);
  BOOST_TEST(stock(chai) == "10 available, 0 reserved, 0 sold");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(expiring, Warehouse)

BOOST_AUTO_TEST_CASE(gives_back_what_was_not_confirmed_in_time_and_tells) {
  reserve(1, {{chai, 4}}).value();
  reserve(2, {{tofu, 1}}).value();
  confirm(2);
  world.advance(14min, 1min);
  BOOST_CHECK(state(1) == ReservationState::held);
  world.advance(1min + 10s, 5s);
  BOOST_CHECK(state(1) == ReservationState::expired);
  BOOST_CHECK(state(2) == ReservationState::consumed);
  BOOST_TEST(stock(chai) == "10 available, 0 reserved, 0 sold");
  BOOST_REQUIRE(heard.released.size() == 1U);
  BOOST_CHECK((heard.released.front() == StockReleased{.order_id = id(1),
                                                       .customer_id = id(200),
                                                       .reason = ReleaseReason::expired,
                                                       .lines = {{chai, 4}}}));
}

BOOST_AUTO_TEST_CASE(a_reservation_expires_when_its_time_has_passed_however_the_clock_is_set) {
  reserve(1, {{chai, 4}}).value();
  for (const auto difference : {24h, -48h, 25h}) {
    world.clock().set_by(difference);
    world.advance(4min, 5s);
  }
  BOOST_CHECK(state(1) == ReservationState::held);
  world.advance(3min + 10s, 5s);
  BOOST_CHECK(state(1) == ReservationState::expired);
}

BOOST_AUTO_TEST_CASE(an_expired_reservation_is_closed_and_holds_nothing_to_release) {
  reserve(1, {{chai, 4}}).value();
  expire_all();
  check_refused(reserve(1, {{chai, 4}}), reservation_closed);
  BOOST_TEST(release(1) == 0);
  cancel(1);
  BOOST_CHECK(state(1) == ReservationState::expired);
  BOOST_TEST(stock(chai) == "10 available, 0 reserved, 0 sold");
  BOOST_TEST(heard.released.size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_order_confirmed_late_gets_what_is_still_there) {
  reserve(1, {{chai, 4}, {tofu, 1}}).value();
  expire_all();
  confirm(1);
  BOOST_CHECK(state(1) == ReservationState::consumed);
  BOOST_TEST(stock(chai) == "6 available, 0 reserved, 4 sold");
  BOOST_TEST(stock(tofu) == "4 available, 0 reserved, 1 sold");
  BOOST_TEST(shortfall(1) == 0);
}

BOOST_AUTO_TEST_CASE(what_an_order_confirmed_late_does_not_get_is_recorded) {
  reserve(1, {{chai, 4}, {tofu, 3}, {chai, 4}}).value();
  expire_all();
  reserve(2, {{chai, 5}, {tofu, 5}}).value();
  confirm(1);
  BOOST_TEST(stock(chai) == "0 available, 5 reserved, 5 sold");
  BOOST_TEST(stock(tofu) == "0 available, 5 reserved, 0 sold");
  BOOST_TEST(shortfall(1) == 6);
  heard.released.clear();
  BOOST_TEST(release(1) == 5);
  BOOST_TEST(release(1) == 5);
  BOOST_TEST(stock(chai) == "5 available, 5 reserved, 0 sold");
  BOOST_REQUIRE(heard.released.size() == 1U);
  BOOST_CHECK((heard.released.front().lines == std::vector<StockLine>{{chai, 1}, {chai, 4}}));
}

BOOST_AUTO_TEST_CASE(one_run_gives_back_a_bounded_number_and_the_next_goes_on) {
  BOOST_REQUIRE(world.call(RestockProduct{.product_id = chai, .quantity = 100'000}).ok());
  for (std::uint16_t order = 0; order < 1'100; ++order) {
    Uuid order_id = id(static_cast<std::uint8_t>(order % 256));
    order_id.bytes[0] = std::byte{static_cast<std::uint8_t>(order / 256)};
    world.ask(ReserveStock{.order_id = order_id, .customer_id = id(200), .lines = {{chai, 1}}},
              world.call_options(), [](const Result<StockReserved>&) {});
  }
  world.settle();
  BOOST_TEST(get(chai).reserved == 1'100);
  world.advance(15min - 1s, 1min);
  std::vector<std::int64_t> seen;
  while (get(chai).reserved > 0 && seen.size() < 100) {
    world.advance(1s, 1s);
    if (seen.empty() || seen.back() != get(chai).reserved) seen.push_back(get(chai).reserved);
  }
  BOOST_CHECK((seen == std::vector<std::int64_t>{1'100, 100, 0}));
}

BOOST_AUTO_TEST_SUITE_END()
