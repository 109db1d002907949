#pragma once
#include <optional>
#include <string>

#include "banyan/module/module.hpp"
#include "courier.hpp"
#include "letters.hpp"
#include "shop/notifications/messages.hpp"
#include "shop/notifications/patience.hpp"
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

/// Notes what the sender said: sent, failed, or when it is asked again.
/// Errors: unknown_notification; unavailable "notifications.too_many_waiting" (the sender is out of reach,
/// and no more may wait for it: this one comes again from the outbox).
Result<NotificationSent> note_handover(Tx& tx, const Patience& patience, const SendNotification& command,
                                       const Handover& handover, const Context& context);

Result<NotificationPage> list_notifications(View& view, const ListNotifications& query,
                                            const Context& context);

}  // namespace shop::notifications
