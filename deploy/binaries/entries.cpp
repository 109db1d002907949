#include "entries.hpp"

#include <memory>

#include "shop/inventory/module.hpp"
#include "shop/notifications/module.hpp"
#include "shop/orders/module.hpp"
#include "shop/payments/module.hpp"
#include "shop/shipping/module.hpp"
#include "shop/users/module.hpp"

namespace entries {

using banyan::host::Entry;
using banyan::host::ModuleHome;

namespace {

struct NotificationSettings {
  std::string sender = "eml";
  shop::notifications::SmtpOptions smtp = {};
};

void declare(banyan::config::Schema& schema, NotificationSettings& settings) {
  schema.choice("notifications.sender", &settings.sender, {"eml", "smtp"},
                "eml: a file for each e-mail, in the module's folder; smtp: through a mail server.");
  schema.text("notifications.smtp_url", &settings.smtp.url,
              "smtp://host:587, or smtps://host for TLS at once.");
  schema.text("notifications.smtp_user", &settings.smtp.user, "Empty: no authentication.");
  schema.secret("notifications.smtp_password", &settings.smtp.password, "Of the mail server.");
  schema.boolean("notifications.smtp_needs_tls", &settings.smtp.needs_tls,
                 "Whether nothing may go over a connection that is not encrypted.");
  schema.text("notifications.from_address", &settings.smtp.from.address, "Whom e-mail is from.");
}

}  // namespace

Entry users() {
  return {"users", [](const ModuleHome&) { return shop::users::users(); }};
}
Entry inventory() {
  return {"inventory", [](const ModuleHome&) { return shop::inventory::inventory(); }};
}
Entry orders() {
  return {"orders", [](const ModuleHome&) { return shop::orders::orders(); }};
}
Entry payments() {
  return {"payments", [](const ModuleHome&) { return shop::payments::payments(); }};
}
Entry shipping() {
  return {"shipping", [](const ModuleHome&) { return shop::shipping::shipping(); }};
}

Entry notifications() {
  const auto settings = std::make_shared<NotificationSettings>();
  return {"notifications",
          [settings](const ModuleHome& home) {
            return shop::notifications::notifications(
                settings->sender == "smtp"
                    ? shop::notifications::smtp_sender(settings->smtp)
                    : shop::notifications::eml_sender(home.directory + "/mail", settings->smtp.from));
          },
          [settings](banyan::config::Schema& schema) { declare(schema, *settings); }};
}

}  // namespace entries
