#include "checkout.hpp"

#include <numeric>

#include "order_rows.hpp"
#include "pricing.hpp"
#include "shop/inventory/messages.hpp"
#include "shop/orders/reasons.hpp"
#include "shop/payments/messages.hpp"
#include "use_cases.hpp"

namespace shop::orders {
namespace {

inventory::ReserveStock reserve(const Checkout& checkout) {
  inventory::ReserveStock command{.order_id = checkout.order_id, .customer_id = checkout.customer_id};
  for (const CheckoutLine& line : checkout.lines) command.lines.push_back({line.product_id, line.quantity});
  return command;
}

// A price agreed upon stays; the others are what the catalogue says now.
Status take_prices(Checkout& checkout, const inventory::StockReserved& reserved) {
  for (std::size_t i = 0; i < checkout.lines.size(); ++i) {
    auto& price = checkout.lines[i].unit_price;
    if (!price) price = reserved.lines.at(i).unit_price;
  }
  auto total = total_of(checkout.lines, checkout.freight);
  if (!total.ok()) return total.error();
  checkout.total = std::move(total).value();
  return banyan::success();
}

inventory::ReleaseStock release(const Checkout& checkout) { return {.order_id = checkout.order_id}; }

payments::AuthorisePayment authorise(const Checkout& checkout) {
  return {.order_id = checkout.order_id,
          .customer_id = checkout.customer_id,
          .amount = checkout.total.value(),
          .payment_method = checkout.payment_method};
}

void take_payment(Checkout& checkout, const payments::PaymentAuthorised& authorised) {
  checkout.payment_id = authorised.payment_id;
}

payments::VoidPayment void_payment(const Checkout& checkout) { return {.order_id = checkout.order_id}; }

shipping::CreateShipment ship(const Checkout& checkout) {
  const Address& to = checkout.ship_to;
  const auto add_units = [](std::int64_t sum, const CheckoutLine& line) { return sum + line.quantity; };
  return {.order_id = checkout.order_id,
          .customer_id = checkout.customer_id,
          .ship_to = {.name = to.name,
                      .street = to.street,
                      .city = to.city,
                      .region = to.region,
                      .postal_code = to.postal_code,
                      .country = to.country},
          .carrier = checkout.carrier,
          .units = std::accumulate(checkout.lines.begin(), checkout.lines.end(), std::int64_t{0}, add_units)};
}

void take_shipment(Checkout& checkout, const shipping::ShipmentCreated& created) {
  checkout.shipment_id = created.shipment_id;
  checkout.tracking_number = created.tracking_number;
  checkout.carrier = created.carrier;
}

shipping::CancelShipment cancel_shipment(const Checkout& checkout) { return {.order_id = checkout.order_id}; }

payments::CapturePayment capture(const Checkout& checkout) { return {.order_id = checkout.order_id}; }

payments::RefundPayment refund(const Checkout& checkout) {
  return {.payment_id = checkout.payment_id.value(), .refund_id = checkout.refund_id};
}

// The carrier may have been faster: an order that is shipped already stays so.
Status confirm_order(Tx& tx, const Checkout& checkout, const Context& context) {
  const banyan::Money& total = checkout.total.value();
  OrderConfirmed event{.order_id = checkout.order_id, .customer_id = checkout.customer_id, .total = total};
  tx.execute(
      R"(UPDATE orders_order SET status = iif(status = 'placed', 'confirmed', status), version = version + 1,
                currency = ?2, total_minor = ?3, carrier = ?4, payment_id = ?5, shipment_id = ?6,
                tracking_number = ?7, changed_at = ?8
         WHERE order_id = ?1)",
      checkout.order_id, total.currency, total.amount_minor, checkout.carrier, checkout.payment_id,
      checkout.shipment_id, checkout.tracking_number, context.now);
  std::int64_t number = 0;
  for (const CheckoutLine& line : checkout.lines) {
    tx.execute("UPDATE orders_line SET price_minor = ?3, total_minor = ?4 WHERE order_id = ?1 AND line = ?2",
               checkout.order_id, number++, line.unit_price.value().amount_minor,
               price_of(line).value().amount_minor);
    event.lines.push_back({line.product_id, line.quantity});
  }
  tx.publish(std::move(event));
  return banyan::success();
}

Status cancel_unconfirmed(Tx& tx, const Checkout& checkout, const Error& reason, const Context& context) {
  tx.execute(
      R"(UPDATE orders_order SET status = 'cancelled', version = version + 1, cancel_code = ?2,
                cancel_reason = ?3, changed_at = ?4 WHERE order_id = ?1)",
      checkout.order_id, reason.reason(), reason.detail(), context.now);
  tx.publish(OrderCancelled{.order_id = checkout.order_id,
                            .customer_id = checkout.customer_id,
                            .code = reason.reason(),
                            .reason = reason.detail(),
                            .was_confirmed = false});
  return banyan::success();
}

}  // namespace

std::shared_ptr<const banyan::saga::Definition> checkout_saga() {
  using namespace std::chrono_literals;
  return banyan::saga::Saga<Checkout>{"checkout"}
      .starts_on<CheckoutStarted>([](const CheckoutStarted& event) { return event.order_id; },
                                  [](const CheckoutStarted& event) { return event.checkout; })
      .step("reserve stock")
      .sends<inventory::ReserveStock>(reserve)
      .absorbs<inventory::StockReserved>(take_prices)
      .undo<inventory::ReleaseStock>(release)
      .step("authorise payment")
      .sends<payments::AuthorisePayment>(authorise)
      .within(30s)
      .absorbs<payments::PaymentAuthorised>(take_payment)
      .undo<payments::VoidPayment>(void_payment)
      .step("create shipment")
      .sends<shipping::CreateShipment>(ship)
      .absorbs<shipping::ShipmentCreated>(take_shipment)
      .undo<shipping::CancelShipment>(cancel_shipment)
      .step("capture payment")
      .sends<payments::CapturePayment>(capture)
      .within(30s)
      .undo<payments::RefundPayment>(refund)
      .completes(confirm_order)
      .fails(cancel_unconfirmed)
      .build();
}

}  // namespace shop::orders
