#define BOOST_TEST_MODULE shipping_module
#include <boost/test/unit_test.hpp>
#include <memory>
#include <vector>

#include "banyan/testing/sample.hpp"
#include "banyan/testing/world.hpp"
#include "shop/orders/messages.hpp"
#include "shop/shipping/messages.hpp"
#include "shop/shipping/module.hpp"
#include "shop/shipping/reasons.hpp"

using namespace shop::shipping;
using banyan::Result;
using banyan::Uuid;
using banyan::testing::World;
using namespace std::chrono_literals;

namespace {

Uuid id(std::uint8_t number) {
  Uuid made;
  made.bytes.back() = std::byte{number};
  return made;
}

CreateShipment for_order(std::uint8_t order) {
  return {.order_id = id(order),
          .customer_id = id(200),
          .ship_to = {.name = "Vins et alcools Chevalier",
                      .street = "59 rue de l'Abbaye",
                      .city = "Reims",
                      .region = std::nullopt,
                      .postal_code = "51100",
                      .country = "France"},
          .carrier = "federal_shipping",
          .units = 27};
}

template <class T>
void check_refused(const Result<T>& outcome, const banyan::Reason& reason) {
  BOOST_REQUIRE(!outcome.ok());
  BOOST_TEST(outcome.error().reason() == reason.name);
  BOOST_CHECK(outcome.error().code() == reason.code);
}

/// A module that notes what shipping tells.
banyan::module::Module listener(std::vector<ShipmentStateChanged>& heard) {
  return banyan::module::Module{"listener", {}}.on<ShipmentStateChanged>(
      [&heard](banyan::Tx&, const ShipmentStateChanged& event, const banyan::Context&) {
        heard.push_back(event);
        return banyan::success();
      });
}

using Told = banyan::testing::Sample<"orders.told.v1", banyan::message::Kind::reply>;
using Confirm = banyan::testing::Sample<"orders.confirm.v1", banyan::message::Kind::command, Told>;

/// A module in the place of orders: confirms the order whose number it is given.
banyan::module::Module orders_double() {
  using shop::orders::OrderConfirmed;
  static const banyan::message::Descriptor* const messages[] = {&Told::descriptor(), &Confirm::descriptor(),
                                                                &OrderConfirmed::descriptor()};
  return banyan::module::Module{"orders", messages}.handles<Confirm>(
      [](banyan::Tx& tx, const Confirm& command, const banyan::Context&) -> Result<Told> {
        tx.publish(OrderConfirmed{.order_id = id(static_cast<std::uint8_t>(command.number)),
                                  .customer_id = id(200),
                                  .total = {100, "USD"},
                                  .lines = {{.product_id = id(1), .quantity = 27}}});
        return Told{};
      });
}

struct Shop {
  std::vector<ShipmentStateChanged> heard;
  World world{{shipping(), listener(heard), orders_double()}};

  Uuid create(std::uint8_t order) { return world.call(for_order(order)).value().shipment_id; }
  void confirm(std::uint8_t order) { BOOST_REQUIRE(world.call(Confirm{.number = order}).ok()); }
  /// The shipment of an order that is confirmed.
  Uuid ship(std::uint8_t order) {
    const Uuid shipment = create(order);
    confirm(order);
    return shipment;
  }
  Result<Shipment> report(const Uuid& shipment, Movement movement) {
    return world.call(AdvanceShipment{.shipment_id = shipment, .state = movement});
  }
  Shipment get(const Uuid& shipment) { return world.call(GetShipment{.shipment_id = shipment}).value(); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(creating, Shop)

BOOST_AUTO_TEST_CASE(books_the_carrier_and_keeps_where_the_shipment_goes) {
  const auto created = world.call(for_order(1));
  BOOST_REQUIRE(created.ok());
  BOOST_TEST(created.value().carrier == "federal_shipping");

  const Shipment shipment = get(created.value().shipment_id);
  BOOST_CHECK(shipment.ship_to == for_order(1).ship_to);
  BOOST_CHECK(shipment.state == ShipmentState::created);
  BOOST_TEST(shipment.tracking_number == created.value().tracking_number);
  BOOST_TEST(shipment.units == 27);
  BOOST_TEST(shipment.version == 1);
  BOOST_TEST(shipment.tracking.size() == 1U);
  BOOST_CHECK(shipment.tracking.front().at == world.clock().utc());
  BOOST_TEST(heard.empty());
}

BOOST_AUTO_TEST_CASE(answers_a_repeat_as_the_first_time) {
  const auto first = world.call(for_order(1));
  const auto second = world.call(for_order(1));
  BOOST_REQUIRE(second.ok());
  BOOST_CHECK(first.value() == second.value());
}

BOOST_AUTO_TEST_CASE(takes_the_default_carrier_if_none_is_named) {
  CreateShipment command = for_order(1);
  command.carrier.reset();
  BOOST_TEST(world.call(command).value().carrier == "standard");
}

BOOST_AUTO_TEST_CASE(refuses_an_unknown_carrier_and_a_country_that_it_does_not_serve) {
  CreateShipment by_pigeon = for_order(1);
  by_pigeon.carrier = "pigeon";
  check_refused(world.call(by_pigeon), unknown_carrier);

  CreateShipment to_the_ice = for_order(1);
  to_the_ice.ship_to.country = "Antarctica";
  check_refused(world.call(to_the_ice), unsupported_country);
}

BOOST_AUTO_TEST_CASE(refuses_an_order_whose_shipment_was_cancelled) {
  ship(1);
  BOOST_REQUIRE(world.call(CancelShipment{.order_id = id(1)}).ok());
  check_refused(world.call(for_order(1)), shipment_closed);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(cancelling, Shop)

BOOST_AUTO_TEST_CASE(cancels_once_and_says_so) {
  const Uuid shipment = ship(1);
  BOOST_TEST(world.call(CancelShipment{.order_id = id(1)}).value().cancelled);
  BOOST_TEST(!world.call(CancelShipment{.order_id = id(1)}).value().cancelled);
  BOOST_CHECK(get(shipment).state == ShipmentState::cancelled);
  BOOST_REQUIRE(heard.size() == 1U);
  BOOST_CHECK(heard.front().state == ShipmentState::cancelled);
}

BOOST_AUTO_TEST_CASE(is_possible_before_the_order_is_confirmed) {
  create(1);
  BOOST_TEST(world.call(CancelShipment{.order_id = id(1)}).value().cancelled);
}

BOOST_AUTO_TEST_CASE(finds_nothing_to_do_for_an_order_without_a_shipment) {
  BOOST_TEST(!world.call(CancelShipment{.order_id = id(9)}).value().cancelled);
}

BOOST_AUTO_TEST_CASE(is_refused_once_the_carrier_has_it) {
  BOOST_REQUIRE(report(ship(1), Movement::picked_up).ok());
  check_refused(world.call(CancelShipment{.order_id = id(1)}), already_shipped);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(reporting, Shop)

BOOST_AUTO_TEST_CASE(keeps_the_way_and_tells_of_each_step) {
  const Uuid shipment = ship(1);
  world.advance(1h, 1h);
  BOOST_REQUIRE(report(shipment, Movement::picked_up).ok());
  BOOST_REQUIRE(report(shipment, Movement::delivered).ok());

  const Shipment delivered = get(shipment);
  BOOST_TEST(delivered.version == 3);
  BOOST_TEST(delivered.tracking.size() == 3U);
  BOOST_CHECK(delivered.tracking[1].state == ShipmentState::picked_up);
  BOOST_CHECK(delivered.tracking[1].at - delivered.tracking[0].at == 1h);
  BOOST_REQUIRE(heard.size() == 2U);
  BOOST_CHECK((heard.back() == ShipmentStateChanged{.shipment_id = shipment,
                                                    .order_id = id(1),
                                                    .customer_id = id(200),
                                                    .state = ShipmentState::delivered,
                                                    .carrier = delivered.carrier,
                                                    .tracking_number = delivered.tracking_number}));
}

BOOST_AUTO_TEST_CASE(changes_nothing_when_the_state_is_repeated) {
  const Uuid shipment = ship(1);
  BOOST_REQUIRE(report(shipment, Movement::picked_up).ok());
  const auto again = report(shipment, Movement::picked_up);
  BOOST_REQUIRE(again.ok());
  BOOST_TEST(again.value().version == 2);
  BOOST_TEST(heard.size() == 1U);
}

BOOST_AUTO_TEST_CASE(begins_when_the_order_is_confirmed) {
  const Uuid shipment = create(1);
  confirm(2);
  std::optional<Result<Shipment>> answer;
  world.ask<AdvanceShipment>({.shipment_id = shipment, .state = Movement::picked_up}, world.call_options(),
                             [&](Result<Shipment> given) { answer = std::move(given); });
  world.advance(1s);
  BOOST_REQUIRE(answer.has_value());
  check_refused(*answer, order_not_confirmed);
  BOOST_CHECK(get(shipment).state == ShipmentState::created);
  confirm(1);
  BOOST_TEST(report(shipment, Movement::picked_up).ok());
}

BOOST_AUTO_TEST_CASE(waits_for_the_news_that_the_order_is_confirmed) {
  const Uuid shipment = create(1);
  bool is_done = false;
  world.ask<AdvanceShipment>({.shipment_id = shipment, .state = Movement::picked_up}, world.call_options(),
                             [&](const Result<Shipment>& given) { is_done = given.ok(); });
  world.settle();
  BOOST_TEST(!is_done);
  confirm(1);
  BOOST_TEST(is_done);
}

BOOST_AUTO_TEST_CASE(refuses_to_go_back_and_what_does_not_exist) {
  const Uuid shipment = ship(1);
  check_refused(report(shipment, Movement::returned), wrong_state);
  BOOST_REQUIRE(report(shipment, Movement::delivered).ok());
  check_refused(report(shipment, Movement::picked_up), wrong_state);
  check_refused(report(id(77), Movement::picked_up), unknown_shipment);
  BOOST_TEST(get(shipment).version == 2);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(asking, Shop)

BOOST_AUTO_TEST_CASE(lists_all_in_the_order_of_creation_page_by_page) {
  std::vector<Uuid> shipped;
  for (std::uint8_t order = 1; order <= 5; ++order) {
    shipped.push_back(ship(order));
    world.advance(1ms, 1ms);
  }

  std::vector<Uuid> listed;
  int pages = 0;
  ListShipments query{.order_id = std::nullopt, .cursor = std::nullopt, .limit = 2};
  do {
    const ShipmentPage page = world.call(query).value();
    for (const Shipment& shipment : page.items) listed.push_back(shipment.shipment_id);
    query.cursor = page.next_cursor;
    ++pages;
  } while (query.cursor);
  BOOST_TEST(pages == 3);
  BOOST_CHECK(listed == shipped);
}

BOOST_AUTO_TEST_CASE(ends_without_a_cursor_when_the_last_page_is_full) {
  ship(1);
  ship(2);
  const auto page = world.call(ListShipments{.order_id = std::nullopt, .cursor = std::nullopt, .limit = 2});
  BOOST_TEST(page.value().items.size() == 2U);
  BOOST_CHECK(!page.value().next_cursor);
}

BOOST_AUTO_TEST_CASE(finds_the_shipment_of_an_order) {
  const Uuid shipment = ship(1);
  ship(2);
  ListShipments query{.order_id = id(1), .cursor = std::nullopt, .limit = 20};
  BOOST_REQUIRE(world.call(query).value().items.size() == 1U);
  BOOST_CHECK(world.call(query).value().items.front().shipment_id == shipment);
  query.order_id = id(9);
  BOOST_TEST(world.call(query).value().items.empty());
}

BOOST_AUTO_TEST_CASE(refuses_a_cursor_that_it_did_not_give_and_an_unknown_shipment) {
  check_refused(world.call(ListShipments{.order_id = std::nullopt, .cursor = "first", .limit = 20}),
                bad_cursor);
  check_refused(world.call(GetShipment{.shipment_id = id(9)}), unknown_shipment);
}

BOOST_AUTO_TEST_SUITE_END()
