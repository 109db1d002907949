#include "sending.hpp"

#include <utility>

#include "mime.hpp"

namespace shop::notifications {

using banyan::Errc;

banyan::Error undeliverable(std::string detail) {
  return {Errc::rejected, "notifications.undeliverable", std::move(detail)};
}

banyan::Error unreachable(std::string detail) {
  return {Errc::unavailable, "notifications.unreachable", std::move(detail)};
}

banyan::Error deferred(std::string detail) {
  return {Errc::internal, "notifications.deferred", std::move(detail)};
}

banyan::Status check_email(const SendNotification& notification) {
  if (notification.channel != Channel::email) {
    return undeliverable("no sender for " + std::string{to_string(notification.channel)});
  }
  if (!is_deliverable(notification.recipient))
    return undeliverable("not an address that mail can be sent to");
  return banyan::success();
}

}  // namespace shop::notifications
