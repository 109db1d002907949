#include "banyan/saga/history.hpp"
#include "order_rows.hpp"
#include "shop/orders/reasons.hpp"
#include "use_cases.hpp"

namespace shop::orders {
namespace {

void stop_checkout(Tx& tx, const CancelOrder& command) {
  const Error reason{banyan::Errc::rejected, "orders.cancelled_by_customer", command.reason.value_or("")};
  // If the checkout fails already, it ends as the caller wants.
  banyan::saga::abort(tx, "checkout", command.order_id, reason);
}

void start_cancellation(Tx& tx, const Order& order, const CancelOrder& command, const Context& context) {
  tx.publish(CancellationStarted{.order_id = order.order_id,
                                 .cancellation = {.order_id = order.order_id,
                                                  .customer_id = order.customer_id,
                                                  .payment_id = order.payment_id.value(),
                                                  .refund_id = context.new_id(),
                                                  .reason = command.reason.value_or("")}});
}

// The carrier has the goods, though the order has not heard of it yet.
bool was_refused_before(View& view, const banyan::Uuid& order_id) {
  return !banyan::saga::history(view, "cancellation", order_id).empty();
}

}  // namespace

Result<OrderCancellation> cancel_order(Tx& tx, const CancelOrder& command, const Context& context) {
  const auto order = find_order(tx, command.order_id);
  if (!order) return reject(unknown_order, to_string(command.order_id));
  switch (order->status) {
    case OrderStatus::placed:
      stop_checkout(tx, command);
      break;
    case OrderStatus::confirmed:
      if (was_refused_before(tx, order->order_id))
        return reject(already_shipped, to_string(command.order_id));
      start_cancellation(tx, *order, command, context);
      break;
    case OrderStatus::cancelling:
    case OrderStatus::cancelled:
      return reject(already_cancelled, to_string(command.order_id));
    case OrderStatus::shipped:
    case OrderStatus::delivered:
    case OrderStatus::returned:
      return reject(already_shipped, to_string(command.order_id));
  }
  set_status(tx, command.order_id, OrderStatus::cancelling, context.now);
  return OrderCancellation{.order_id = command.order_id, .status = OrderStatus::cancelling};
}

}  // namespace shop::orders
