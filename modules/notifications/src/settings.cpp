#include "shop/notifications/settings.hpp"

#include "banyan/config/schema.hpp"

namespace shop::notifications {

void declare(banyan::config::Schema& schema, Settings& settings) {
  using namespace std::chrono_literals;
  SmtpOptions& smtp = settings.smtp;
  schema.choice("notifications.sender", &settings.sender, {"eml", "smtp", "none"},
                "How notifications leave: as files, by a mail server, or not at all.");
  schema.text("notifications.mail_directory", &settings.mail_directory,
              "Where the files of the sender eml go; empty: mail, in the module's own directory.");
  schema.text("notifications.from_name", &smtp.from.name, "The name that mail comes from.");
  schema.text("notifications.from_address", &smtp.from.address, "The address that mail comes from.");
  schema.text("notifications.smtp_url", &smtp.url, "The mail server: smtp://host:port or smtps://host:port.");
  schema.text("notifications.smtp_user", &smtp.user, "Whom to sign in as; empty: nobody.");
  schema.secret("notifications.smtp_password", &smtp.password, "The password of notifications.smtp_user.");
  schema.boolean("notifications.smtp_needs_tls", &smtp.needs_tls,
                 "Whether to send nothing over a connection that is not encrypted.");
  schema.duration("notifications.smtp_connect_timeout", &smtp.connect_timeout, {100ms, 1min},
                  "How long to wait for a connection to the mail server.");
  schema.duration("notifications.smtp_send_timeout", &smtp.send_timeout, {1s, 10min},
                  "How long one mail may take.");
}

std::shared_ptr<Sender> make_sender(const Settings& settings, const std::string& home) {
  if (settings.sender == "none") return null_sender();
  if (settings.sender == "smtp") return smtp_sender(settings.smtp);
  const std::string& directory = settings.mail_directory;
  return eml_sender(directory.empty() ? home + "/mail" : directory, settings.smtp.from);
}

}  // namespace shop::notifications
