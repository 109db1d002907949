#define BOOST_TEST_MODULE conformance_checkout
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "banyan/testing/world.hpp"
#include "shop/inventory/messages.hpp"
#include "shop/inventory/module.hpp"
#include "shop/notifications/messages.hpp"
#include "shop/notifications/module.hpp"
#include "shop/orders/messages.hpp"
#include "shop/orders/module.hpp"
#include "shop/payments/messages.hpp"
#include "shop/payments/module.hpp"
#include "shop/shipping/messages.hpp"
#include "shop/shipping/module.hpp"
#include "shop/topology.hpp"
#include "shop/users/messages.hpp"
#include "shop/users/module.hpp"

using namespace shop;
using namespace std::chrono_literals;
using banyan::Uuid;
using banyan::testing::Topologies;

namespace {

using Lines = std::vector<std::string>;
const auto per_element = boost::test_tools::per_element();

constexpr std::int64_t price_minor = 1800;
constexpr std::int64_t initial_stock = 10;

/// The six modules with a customer and a product. Split, each may send only what the contracts say.
struct Shop {
  explicit Shop(banyan::testing::Passage passage)
      : world{{users::users(), inventory::inventory(), orders::orders(), payments::payments(),
               shipping::shipping(), notifications::notifications(notifications::null_sender())},
              {.passage = passage, .edges = shop::topology()}} {
    const auto customer = world.call(users::RegisterCustomer{.name = "Ann", .email = "ann@example.com"});
    customer_id = customer.value().customer_id;
    const auto product = world.call(inventory::AddProduct{.sku = "CHAI",
                                                          .name = "Chai",
                                                          .category = "Beverages",
                                                          .unit_price = {price_minor, "USD"},
                                                          .initial_stock = initial_stock});
    product_id = product.value().product_id;
  }

  Uuid place(std::int64_t quantity, std::string payment_method = "tok_visa") {
    orders::PlaceOrder command{.customer_id = customer_id,
                               .lines = {{.product_id = product_id, .quantity = quantity}},
                               .payment_method = std::move(payment_method)};
    command.ship_to = {.name = "Ann", .street = "1 Main St", .city = "Springfield", .country = "USA"};
    return world.call(command).value().order_id;
  }
  orders::Order order(const Uuid& id) { return world.call(orders::GetOrder{.order_id = id}).value(); }

  /// "placed", …, and why it was cancelled.
  std::string state(const Uuid& id) {
    const orders::Order found = order(id);
    return std::string{to_string(found.status)} + (found.cancel_code ? " " + *found.cancel_code : "");
  }
  Lines history(const Uuid& id) {
    const orders::Order found = order(id);
    Lines lines;
    for (const orders::HistoryEntry& entry : found.history)
      lines.push_back(entry.step + ": " + entry.outcome);
    return lines;
  }
  std::string stock() {
    const auto product = world.call(inventory::GetProduct{.product_id = product_id}).value();
    return std::to_string(product.available) + " available, " + std::to_string(product.reserved) +
           " reserved, " + std::to_string(product.sold) + " sold";
  }
  /// The order's payment, as "captured 3600 (refunded 0)".
  std::string payment(const Uuid& id) {
    const auto page = world.call(payments::ListPayments{.order_id = id}).value();
    if (page.items.empty()) return "none";
    const payments::Payment& paid = page.items.front();
    return std::string{to_string(paid.state)} + " " + std::to_string(paid.amount.amount_minor) +
           " (refunded " + std::to_string(paid.refunded.amount_minor) + ")";
  }
  std::size_t invoices(const Uuid& id) {
    return world.call(payments::ListInvoices{.order_id = id}).value().items.size();
  }
  std::size_t shipments(const Uuid& id) {
    return world.call(shipping::ListShipments{.order_id = id}).value().items.size();
  }
  /// Sorted: they follow from events of different modules, between which there is no order.
  Lines letters(const Uuid& id) {
    const auto page = world.call(notifications::ListNotifications{.order_id = id}).value();
    Lines lines;
    for (const notifications::Notification& letter : page.items) {
      lines.emplace_back(to_string(letter.template_));
    }
    std::sort(lines.begin(), lines.end());
    return lines;
  }

  banyan::testing::World world;
  Uuid customer_id;
  Uuid product_id;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(an_order)

BOOST_AUTO_TEST_CASE_TEMPLATE(is_confirmed_paid_invoiced_and_shipped, Topology, Topologies) {
  Shop shop{Topology::passage};
  const Uuid id = shop.place(2);
  BOOST_TEST(shop.state(id) == "confirmed");
  BOOST_TEST(shop.stock() == "8 available, 0 reserved, 2 sold");
  BOOST_TEST(shop.payment(id) == "captured 3600 (refunded 0)");
  BOOST_TEST(shop.invoices(id) == 1U);
  BOOST_TEST(shop.shipments(id) == 1U);
  BOOST_TEST(
      shop.history(id) == (Lines{"place order: done", "reserve stock: done", "authorise payment: done",
                                 "create shipment: done", "capture payment: done", "checkout: completed"}),
      per_element);
  BOOST_TEST(shop.letters(id) == (Lines{"invoice_issued", "order_confirmed"}), per_element);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(beyond_the_stock_is_cancelled_and_takes_nothing, Topology, Topologies) {
  Shop shop{Topology::passage};
  const Uuid id = shop.place(initial_stock + 1);
  BOOST_TEST(shop.state(id) == "cancelled inventory.out_of_stock");
  BOOST_TEST(shop.stock() == "10 available, 0 reserved, 0 sold");
  BOOST_TEST(shop.payment(id) == "none");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(whose_card_is_declined_gives_its_stock_back, Topology, Topologies) {
  Shop shop{Topology::passage};
  const Uuid id = shop.place(3, "tok_declined");
  BOOST_TEST(shop.state(id) == "cancelled payments.card_declined");
  BOOST_TEST(shop.stock() == "10 available, 0 reserved, 0 sold");
  BOOST_TEST(shop.invoices(id) == 0U);
  BOOST_TEST(shop.shipments(id) == 0U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(that_is_cancelled_later_is_refunded_and_returned, Topology, Topologies) {
  Shop shop{Topology::passage};
  const Uuid id = shop.place(3);
  BOOST_REQUIRE(shop.world.call(orders::CancelOrder{.order_id = id}).ok());
  BOOST_TEST(shop.state(id).starts_with("cancelled"));
  BOOST_TEST(shop.stock() == "10 available, 0 reserved, 0 sold");
  BOOST_TEST(shop.payment(id) == "refunded 5400 (refunded 5400)");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(whose_shipment_is_cancelled_is_refunded_however_long_that_takes, Topology,
                              Topologies) {
  Shop shop{Topology::passage};
  const Uuid id = shop.place(3);
  shop.world.stop("payments");
  BOOST_REQUIRE(shop.world.call(orders::CancelOrder{.order_id = id}).ok());
  shop.world.advance(5min, 10s);
  BOOST_TEST(shop.state(id) == "cancelling");
  shop.world.start("payments");
  BOOST_TEST(shop.state(id).starts_with("cancelled"));
  BOOST_TEST(shop.stock() == "10 available, 0 reserved, 0 sold");
  BOOST_TEST(shop.payment(id) == "refunded 5400 (refunded 5400)");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(waits_for_a_module_that_is_away, Topology, Topologies) {
  Shop shop{Topology::passage};
  shop.world.stop("payments");
  const Uuid id = shop.place(1);
  BOOST_TEST(shop.state(id) == "placed");
  BOOST_TEST(shop.stock() == "9 available, 1 reserved, 0 sold");
  shop.world.start("payments");
  BOOST_TEST(shop.state(id) == "confirmed");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(is_given_to_the_carrier_once_it_is_confirmed, Topology, Topologies) {
  Shop shop{Topology::passage};
  const Uuid id = shop.place(1);
  const Uuid shipment = shop.order(id).shipment_id.value();
  const shipping::AdvanceShipment delivered{.shipment_id = shipment, .state = shipping::Movement::delivered};
  BOOST_TEST(shop.world.call(delivered).ok());
  BOOST_TEST(shop.state(id) == "delivered");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(survives_the_end_of_all_processes, Topology, Topologies) {
  Shop shop{Topology::passage};
  const Uuid id = shop.place(1);
  shop.world.faults().clear();
  shop.world.crash_at("after_commit", 3);
  const auto options = shop.world.call_options();
  static_cast<void>(shop.world.call(orders::CancelOrder{.order_id = id}, options));
  BOOST_TEST(shop.world.has_crashed());
  shop.world.recover();
  shop.world.advance(10s);
  BOOST_TEST(shop.state(id).starts_with("cancelled"));
  BOOST_TEST(shop.stock() == "10 available, 0 reserved, 0 sold");
}

BOOST_AUTO_TEST_SUITE_END()
