#pragma once
#include <optional>
#include <string>

#include "banyan/module/module.hpp"
#include "letters.hpp"
#include "shop/notifications/messages.hpp"
#include "shop/notifications/sender.hpp"
#include "shop/users/messages.hpp"

namespace shop::notifications {

using banyan::Context;
using banyan::Result;
using banyan::Status;
using banyan::Tx;
using banyan::View;

/// Keeps how to reach the customer, and sends what has waited for it.
Status keep_contact(Tx& tx, const users::CustomerRegistered& event, const Context& context);
Status keep_contact(Tx& tx, const users::ProfileChanged& event, const Context& context);

/// Makes a notification of `letter`, and sends it unless the customer is not known yet.
void notify(Tx& tx, const Letter& letter, const Context& context);

/// What the sender said of a notification that it will not see again.
struct Handover {
  std::optional<std::string> failure;  ///< Nothing: it has taken it.
};

/// Calls the outside world, so it runs before the transaction. Errors: the sender's, but for undeliverable.
Result<Handover> hand_over(Sender& sender, const SendNotification& command);
Result<NotificationSent> note_handover(Tx& tx, const SendNotification& command, const Handover& handover,
                                       const Context& context);

Result<NotificationPage> list_notifications(View& view, const ListNotifications& query,
                                            const Context& context);

}  // namespace shop::notifications
