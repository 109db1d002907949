#pragma once
#include <memory>
#include <string>

#include "shop/notifications/patience.hpp"
#include "shop/notifications/sender.hpp"

namespace banyan::config {
class Schema;
}

namespace shop::notifications {

/// How the shop's notifications leave it.
struct Settings {
  std::string sender = "eml";    ///< "eml", "smtp" or "none".
  std::string mail_directory{};  ///< Of "eml"; empty: "mail" in the module's own directory.
  SmtpOptions smtp{};            ///< Its `from` holds for "eml", too.
  Patience patience{};
};

/// Declares "notifications.…". `settings` lives until the configuration is loaded.
void declare(banyan::config::Schema& schema, Settings& settings);

/// The sender that `settings` ask for; `home` is the module's own directory.
std::shared_ptr<Sender> make_sender(const Settings& settings, const std::string& home);

}  // namespace shop::notifications
