#include "shop/notifications/module.hpp"

#include <utility>

#include "migrations.hpp"
#include "shop/notifications/contract.hpp"
#include "shop/notifications/http.hpp"
#include "use_cases.hpp"
#include "waiting.hpp"

namespace shop::notifications {
namespace {

using namespace std::chrono_literals;

/// The handler of an event that customers are told about.
template <class Event>
Status tell(Tx& tx, const Event& event, const Context& context) {
  if (const std::optional<Letter> letter = letter_about(event)) notify(tx, *letter, context);
  return banyan::success();
}

template <class Event>
Status keep(Tx& tx, const Event& event, const Context& context) {
  return keep_contact(tx, event, context);
}

}  // namespace

banyan::module::Module notifications(std::shared_ptr<Sender> sender, Patience patience) {
  const auto courier = std::make_shared<Courier>(std::move(sender), patience.server_rest);
  return banyan::module::Module{"notifications", messages()}
      .migrates(migrations())
      .serves(http())
      .hurries([courier] { courier->hurry(); })
      .handles_prepared<SendNotification, Handover>(
          [courier](const SendNotification& command, const Context& context) {
            return courier->hand_over(command, context.instant);
          },
          [patience](Tx& tx, const SendNotification& command, const Handover& handover,
                     const Context& context) {
            return note_handover(tx, patience, command, handover, context);
          })
      .every(10s, "ask the sender again",
             [courier](Tx& tx, const Context& context) {
               ask_again(tx, *courier, context);
               return banyan::success();
             })
      .counts("waiting", count_waiting)
      .answers<ListNotifications>(list_notifications)
      .on<users::CustomerRegistered>(keep<users::CustomerRegistered>)
      .on<users::ProfileChanged>(keep<users::ProfileChanged>)
      .on<orders::OrderConfirmed>(tell<orders::OrderConfirmed>)
      .on<orders::OrderCancelled>(tell<orders::OrderCancelled>)
      .on<inventory::StockReleased>(tell<inventory::StockReleased>)
      .on<payments::InvoiceIssued>(tell<payments::InvoiceIssued>)
      .on<payments::PaymentRefunded>(tell<payments::PaymentRefunded>)
      .on<shipping::ShipmentStateChanged>(tell<shipping::ShipmentStateChanged>);
}

}  // namespace shop::notifications
