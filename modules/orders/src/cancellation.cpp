#include "cancellation.hpp"

#include "order_rows.hpp"
#include "shop/inventory/messages.hpp"
#include "shop/payments/messages.hpp"
#include "use_cases.hpp"

namespace shop::orders {
namespace {

constexpr const char* cancelled_by_customer = "orders.cancelled_by_customer";

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional{text};
}

Status finish(Tx& tx, const Cancellation& cancellation, const Context& context) {
  tx.execute(
      R"(UPDATE orders_order SET status = 'cancelled', version = version + 1, cancel_code = ?2,
                cancel_reason = ?3, changed_at = ?4 WHERE order_id = ?1)",
      cancellation.order_id, cancelled_by_customer, cancellation.reason, context.now);
  tx.publish(OrderCancelled{.order_id = cancellation.order_id,
                            .customer_id = cancellation.customer_id,
                            .code = cancelled_by_customer,
                            .reason = cancellation.reason,
                            .was_confirmed = true});
  return banyan::success();
}

// The carrier was faster: the order is what its shipment made of it in the meantime, or confirmed as before.
Status give_up(Tx& tx, const Cancellation& cancellation, const Error& reason, const Context& context) {
  if (find_status(tx, cancellation.order_id) == OrderStatus::cancelling) {
    set_status(tx, cancellation.order_id, OrderStatus::confirmed, context.now);
  }
  add_history(tx, cancellation.order_id,
              {.at = context.now, .step = "cancel order", .outcome = "refused", .detail = reason.reason()});
  return banyan::success();
}

}  // namespace

std::shared_ptr<const banyan::saga::Definition> cancellation_saga() {
  return banyan::saga::Saga<Cancellation>{"cancellation"}
      .starts_on<CancellationStarted>([](const CancellationStarted& event) { return event.order_id; },
                                      [](const CancellationStarted& event) { return event.cancellation; })
      .step("cancel shipment")
      .sends<shipping::CancelShipment>([](const Cancellation& cancellation) {
        return shipping::CancelShipment{.order_id = cancellation.order_id};
      })
      .irreversible("a carrier does not take back a cancellation")
      .pivot()
      .step("refund payment")
      .sends<payments::RefundPayment>([](const Cancellation& cancellation) {
        return payments::RefundPayment{.payment_id = cancellation.payment_id,
                                       .refund_id = cancellation.refund_id,
                                       .reason = unless_empty(cancellation.reason)};
      })
      .irreversible("a refund is paid out at once")
      .step("return stock")
      .sends<inventory::ReleaseStock>([](const Cancellation& cancellation) {
        return inventory::ReleaseStock{.order_id = cancellation.order_id};
      })
      .irreversible("the units may be somebody else's already")
      .completes(finish)
      .fails(give_up)
      .build();
}

}  // namespace shop::orders
