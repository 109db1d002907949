#include "order_rows.hpp"
#include "pricing.hpp"
#include "shop/orders/reasons.hpp"
#include "shop/users/messages.hpp"
#include "use_cases.hpp"

namespace shop::orders {
namespace {

Checkout checkout_of(const PlaceOrder& command, const Context& context) {
  Checkout checkout{.order_id = context.new_id(),
                    .customer_id = command.customer_id,
                    .freight = command.freight,
                    .ship_to = command.ship_to,
                    .payment_method = command.payment_method,
                    .carrier = command.carrier,
                    .refund_id = context.new_id()};
  for (const OrderLine& line : command.lines) {
    checkout.lines.push_back({.product_id = line.product_id,
                              .quantity = line.quantity,
                              .discount_percent = line.discount_percent,
                              .unit_price = line.unit_price});
  }
  return checkout;
}

OrderPlaced placed(const Checkout& checkout) {
  OrderPlaced event{.order_id = checkout.order_id, .customer_id = checkout.customer_id};
  for (const CheckoutLine& line : checkout.lines) event.lines.push_back({line.product_id, line.quantity});
  return event;
}

bool is_known(View& view, const banyan::Uuid& customer_id) {
  return view.find<int>("SELECT 1 FROM orders_customer WHERE customer_id = ?1", customer_id).has_value();
}

}  // namespace

Result<OrderAccepted> place_order(Tx& tx, const PlaceOrder& command, const Context& context) {
  if (!is_known(tx, command.customer_id)) {
    std::string id = to_string(command.customer_id);
    return tx.unless_told<users::CustomerRegistered>(id, reject(unknown_customer, id));
  }
  Checkout checkout = checkout_of(command, context);
  if (const Status status = check_currencies(checkout.lines, checkout.freight); !status.ok()) {
    return status.error();
  }
  insert_order(tx, checkout, command.reference, context.now);
  const OrderAccepted accepted{.order_id = checkout.order_id, .status = OrderStatus::placed};
  tx.publish(placed(checkout));
  tx.publish(CheckoutStarted{.order_id = accepted.order_id, .checkout = std::move(checkout)});
  return accepted;
}

}  // namespace shop::orders
