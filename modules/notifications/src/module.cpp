#include "shop/notifications/module.hpp"

#include <utility>

#include "migrations.hpp"
#include "shop/notifications/contract.hpp"
#include "shop/notifications/http.hpp"
#include "use_cases.hpp"

namespace shop::notifications {
namespace {

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

banyan::module::Module notifications(std::shared_ptr<Sender> sender) {
  BANYAN_ASSERT(sender != nullptr);
  return banyan::module::Module{"notifications", messages()}
      .migrates(migrations())
      .serves(http())
      .hurries([sender] { sender->hurry(); })
      .handles_prepared<SendNotification, Handover>(
          [sender](const SendNotification& command, const Context&) { return hand_over(*sender, command); },
          note_handover)
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
