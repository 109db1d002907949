#pragma once
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "banyan/testing/world.hpp"
#include "shop/inventory/contract.hpp"
#include "shop/inventory/messages.hpp"
#include "shop/orders/messages.hpp"
#include "shop/orders/module.hpp"
#include "shop/payments/contract.hpp"
#include "shop/payments/messages.hpp"
#include "shop/shipping/contract.hpp"
#include "shop/shipping/messages.hpp"
#include "shop/users/contract.hpp"
#include "shop/users/messages.hpp"

/// Modules in the place of those that orders talks to: they do what the test says, and success otherwise.
namespace shop::orders {

constexpr std::int64_t catalogue_price = 1000;

inline banyan::Uuid id(std::uint8_t number) { return banyan::Uuid{{std::byte{number}}}; }

class Neighbours {
 public:
  /// From now on the command C comes to `error`.
  template <class C>
  void refuse(banyan::Error error) {
    refusals_.insert_or_assign(C::descriptor().type, std::move(error));
  }
  /// From now on C is refused for now only: whoever asked asks again.
  template <class C>
  void hold() {
    refuse<C>({banyan::Errc::conflict, "test.not_yet"});
  }
  template <class C>
  void allow() {
    refusals_.erase(C::descriptor().type);
  }
  /// How often the command M was done, or the event M was heard.
  template <class M>
  int times() const {
    const auto found = times_.find(M::descriptor().type);
    return found == times_.end() ? 0 : found->second;
  }

  /// Orders itself, and they.
  std::vector<banyan::module::Module> modules();

 private:
  template <class C>
  auto handler(typename C::Answer (*answer)(banyan::Tx&, const C&, const banyan::Context&)) {
    return [this, answer](banyan::Tx& tx, const C& command,
                          const banyan::Context& context) -> banyan::Result<typename C::Answer> {
      const auto refusal = refusals_.find(C::descriptor().type);
      if (refusal != refusals_.end()) return refusal->second;
      ++times_[C::descriptor().type];
      return answer(tx, command, context);
    };
  }

  template <class E>
  auto listener() {
    return [this](banyan::Tx&, const E&, const banyan::Context&) {
      ++times_[E::descriptor().type];
      return banyan::success();
    };
  }

  std::map<std::string_view, banyan::Error> refusals_;
  std::map<std::string_view, int> times_;
};

namespace does {

using banyan::Context;
using banyan::Tx;

inline inventory::StockReserved reserve(Tx&, const inventory::ReserveStock& command, const Context& context) {
  inventory::StockReserved reserved{.order_id = command.order_id, .expires_at = context.now};
  for (const auto& line : command.lines) {
    reserved.lines.push_back({line.product_id, line.quantity, {catalogue_price, "USD"}});
  }
  return reserved;
}
inline inventory::StockReleaseResult release(Tx&, const inventory::ReleaseStock& command, const Context&) {
  return {.order_id = command.order_id, .units = 1};
}
inline payments::PaymentAuthorised authorise(Tx&, const payments::AuthorisePayment& command, const Context&) {
  return {.payment_id = id(50), .order_id = command.order_id, .amount = command.amount};
}
inline payments::CaptureReceipt capture(Tx&, const payments::CapturePayment& command,
                                        const Context& context) {
  return {.payment_id = id(50),
          .order_id = command.order_id,
          .amount = {catalogue_price, "USD"},
          .captured_at = context.now};
}
inline payments::VoidReceipt annul(Tx&, const payments::VoidPayment& command, const Context&) {
  return {.order_id = command.order_id, .voided = true};
}
inline payments::RefundReceipt refund(Tx&, const payments::RefundPayment& command, const Context&) {
  return {.refund_id = command.refund_id.value(),
          .payment_id = command.payment_id,
          .order_id = id(1),
          .amount = {catalogue_price, "USD"},
          .refunded = {catalogue_price, "USD"}};
}
inline shipping::ShipmentCreated ship(Tx&, const shipping::CreateShipment& command, const Context&) {
  return {.shipment_id = id(60), .order_id = command.order_id, .carrier = "standard", .tracking_number = "T"};
}
inline shipping::ShipmentCancellation call_off(Tx&, const shipping::CancelShipment& command, const Context&) {
  return {.order_id = command.order_id, .cancelled = true};
}
/// Tells of the order that has the shipment's id.
inline shipping::Shipment advance(Tx& tx, const shipping::AdvanceShipment& command, const Context&) {
  const auto state = shipping::parse_shipment_state(to_string(command.state)).value();
  tx.publish(shipping::ShipmentStateChanged{.shipment_id = id(60),
                                            .order_id = command.shipment_id,
                                            .customer_id = id(1),
                                            .state = state,
                                            .carrier = "standard",
                                            .tracking_number = "T"});
  return {};
}
inline users::CustomerRegistration enrol(Tx& tx, const users::RegisterCustomer& command, const Context&) {
  tx.publish(users::CustomerRegistered{.customer_id = id(1), .name = command.name, .email = command.email});
  return {.customer_id = id(1), .version = 1};
}

}  // namespace does

inline std::vector<banyan::module::Module> Neighbours::modules() {
  using banyan::module::Module;
  Module stock{"inventory", inventory::messages()};
  stock.handles<inventory::ReserveStock>(handler(does::reserve))
      .handles<inventory::ReleaseStock>(handler(does::release));
  Module money{"payments", payments::messages()};
  money.handles<payments::AuthorisePayment>(handler(does::authorise))
      .handles<payments::CapturePayment>(handler(does::capture))
      .handles<payments::VoidPayment>(handler(does::annul))
      .handles<payments::RefundPayment>(handler(does::refund));
  Module parcels{"shipping", shipping::messages()};
  parcels.handles<shipping::CreateShipment>(handler(does::ship))
      .handles<shipping::CancelShipment>(handler(does::call_off))
      .handles<shipping::AdvanceShipment>(handler(does::advance));
  Module people{"users", users::messages()};
  people.handles<users::RegisterCustomer>(handler(does::enrol))
      .on<OrderConfirmed>(listener<OrderConfirmed>())
      .on<OrderCancelled>(listener<OrderCancelled>());
  return {orders(), stock, money, parcels, people};
}

}  // namespace shop::orders
