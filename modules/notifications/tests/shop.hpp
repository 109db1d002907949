#pragma once
#include <boost/test/unit_test.hpp>
#include <functional>
#include <vector>

#include "banyan/testing/world.hpp"
#include "sending.hpp"
#include "shop/inventory/contract.hpp"
#include "shop/inventory/messages.hpp"
#include "shop/notifications/module.hpp"
#include "shop/orders/contract.hpp"
#include "shop/orders/messages.hpp"
#include "shop/payments/contract.hpp"
#include "shop/payments/messages.hpp"
#include "shop/shipping/contract.hpp"
#include "shop/shipping/messages.hpp"
#include "shop/users/contract.hpp"
#include "shop/users/messages.hpp"

/// The module among others that say what a test wants them to.
namespace shop::notifications {

using banyan::Status;
using banyan::Uuid;
using banyan::module::Module;
using banyan::testing::World;
using namespace std::chrono_literals;

inline Uuid id(std::uint8_t number) {
  Uuid made;
  made.bytes.back() = std::byte{number};
  return made;
}

/// Notes what it is given, and answers as it is told.
class NotingSender final : public Sender {
 public:
  Status send(const SendNotification& notification) override {
    seen.push_back(notification);
    return answer;
  }
  std::vector<SendNotification> seen;
  Status answer = banyan::success();
};

/// The next command makes its module publish this.
using Saying = std::function<void(banyan::Tx&)>;

/// Stands for a module of the shop: on any `Trigger` it publishes what the test wants said.
template <class Trigger>
Module speaker(std::string name, std::span<const banyan::message::Descriptor* const> messages,
               Saying& saying) {
  return Module{std::move(name), messages}.handles<Trigger>(
      [&saying](banyan::Tx& tx, const Trigger&, const banyan::Context&) {
        saying(tx);
        return banyan::Result<typename Trigger::Answer>{typename Trigger::Answer{}};
      });
}

struct Shop {
  explicit Shop(Patience of = {}) : patience(of) {}
  /// With another sender than `sender`.
  explicit Shop(std::shared_ptr<Sender> other) : taker(std::move(other)) {}

  Saying saying;
  std::shared_ptr<NotingSender> sender = std::make_shared<NotingSender>();
  std::shared_ptr<Sender> taker = sender;
  Patience patience{};
  World world{{notifications::notifications(taker, patience),
               speaker<users::ChangeProfile>("users", users::messages(), saying),
               speaker<orders::CancelOrder>("orders", orders::messages(), saying),
               speaker<payments::CapturePayment>("payments", payments::messages(), saying),
               speaker<inventory::ReleaseStock>("inventory", inventory::messages(), saying),
               speaker<shipping::CancelShipment>("shipping", shipping::messages(), saying)}};

  template <class Trigger, class Event>
  void say(Event event) {
    saying = [event](banyan::Tx& tx) { tx.publish(event); };
    BOOST_REQUIRE(world.call(Trigger{}).ok());
  }

  void register_maria() {
    say<users::ChangeProfile>(users::CustomerRegistered{
        .customer_id = id(1), .name = "Maria Anders", .email = "maria@example.com", .phone = std::nullopt});
  }
  void cancel(std::uint8_t order, std::uint8_t customer = 1) {
    say<orders::CancelOrder>(orders::OrderCancelled{.order_id = id(order),
                                                    .customer_id = id(customer),
                                                    .code = "inventory.out_of_stock",
                                                    .reason = "Not enough stock",
                                                    .was_confirmed = false});
  }
  void report_shipment(shipping::ShipmentState state) {
    say<shipping::CancelShipment>(shipping::ShipmentStateChanged{.shipment_id = id(60),
                                                                 .order_id = id(50),
                                                                 .customer_id = id(1),
                                                                 .state = state,
                                                                 .carrier = "standard",
                                                                 .tracking_number = "ST1"});
  }

  std::vector<Notification> all() { return world.call(ListNotifications{}).value().items; }
};

}  // namespace shop::notifications
