#pragma once
#include "banyan/testing/sample.hpp"
#include "shop/orders/messages.hpp"
#include "warehouse.hpp"

/// A module in the place of orders that says what the test wants it to.
namespace shop::inventory {

using Told = banyan::testing::Sample<"orders.told.v1", banyan::message::Kind::reply>;
using Confirm = banyan::testing::Sample<"orders.confirm.v1", banyan::message::Kind::command, Told>;
using Cancel = banyan::testing::Sample<"orders.cancel.v1", banyan::message::Kind::command, Told>;

/// Tells of the order whose number it is given what it is asked to tell.
inline banyan::module::Module orders_double() {
  static const banyan::message::Descriptor* const messages[] = {
      &Told::descriptor(), &Confirm::descriptor(), &Cancel::descriptor(),
      &orders::OrderConfirmed::descriptor(), &orders::OrderCancelled::descriptor()};
  return banyan::module::Module{"orders", messages}
      .handles<Confirm>(
          [](banyan::Tx& tx, const Confirm& command, const banyan::Context&) -> banyan::Result<Told> {
            tx.publish(orders::OrderConfirmed{.order_id = id(static_cast<std::uint8_t>(command.number)),
                                              .customer_id = id(200),
                                              .total = {100, "USD"},
                                              .lines = {{.product_id = id(1), .quantity = 1}}});
            return Told{};
          })
      .handles<Cancel>(
          [](banyan::Tx& tx, const Cancel& command, const banyan::Context&) -> banyan::Result<Told> {
            tx.publish(orders::OrderCancelled{.order_id = id(static_cast<std::uint8_t>(command.number)),
                                              .customer_id = id(200),
                                              .code = "orders.cancelled_by_customer",
                                              .reason = "",
                                              .was_confirmed = true});
            return Told{};
          });
}

}  // namespace shop::inventory
