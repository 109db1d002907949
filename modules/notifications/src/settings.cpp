#include "shop/notifications/settings.hpp"

#include "banyan/config/schema.hpp"

namespace shop::notifications {
namespace {

void declare(banyan::config::Schema& schema, Patience& patience) {
  using namespace std::chrono_literals;
  schema.duration(
      "notifications.retry_delay", &patience.retry_delay, {1s, 24h},
      "When a notification that the sender defers is tried again; each further time it is twice as "
      "long.");
  schema.duration("notifications.retry_delay_max", &patience.retry_delay_max, {1s, 24h},
                  "The longest time between two attempts.");
  schema.duration("notifications.give_up_after", &patience.give_up_after, {1s, 720h},
                  "A notification that the sender has not taken after so long has failed.");
  schema.duration("notifications.server_rest", &patience.server_rest, {1s, 1h},
                  "How long nobody asks a sender that is out of reach; then one notification tries.");
  schema.integer(
      "notifications.waiting_max", &patience.waiting_max, {1, 1'000'000},
      "Notifications that wait to be tried again. Above, one that is deferred has failed, and those "
      "for a sender out of reach wait in the outbox.");
  schema.bytes("notifications.waiting_bytes_max", &patience.waiting_bytes_max, {64 << 10, 16LL << 30},
               "The same, in bytes of their texts.");
}

}  // namespace

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
  declare(schema, settings.patience);
}

std::shared_ptr<Sender> make_sender(const Settings& settings, const std::string& home) {
  if (settings.sender == "none") return null_sender();
  if (settings.sender == "smtp") return smtp_sender(settings.smtp);
  const std::string& directory = settings.mail_directory;
  return eml_sender(directory.empty() ? home + "/mail" : directory, settings.smtp.from);
}

}  // namespace shop::notifications
