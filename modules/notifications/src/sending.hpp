#pragma once
#include <string>

#include "banyan/base/result.hpp"
#include "shop/notifications/messages.hpp"

namespace shop::notifications {

banyan::Error undeliverable(std::string detail);  ///< This one never.
banyan::Error unreachable(std::string detail);    ///< None now.
banyan::Error deferred(std::string detail);       ///< This one later.

/// Errors: undeliverable() for what is no e-mail, or goes to no address that e-mail can be sent to.
banyan::Status check_email(const SendNotification& notification);

}  // namespace shop::notifications
