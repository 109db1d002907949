#pragma once
#include <chrono>
#include <memory>
#include <string>

#include "banyan/base/clock.hpp"
#include "banyan/base/result.hpp"
#include "banyan/base/secret.hpp"
#include "shop/notifications/messages.hpp"

namespace shop::notifications {

/// Takes notifications to customers.
/// Threads: one at a time, but for hurry().
class Sender {
 public:
  virtual ~Sender() = default;
  /// Takes `notification` on its way. May block. It is called again for the same notification after a crash
  /// or a failure, so what it sends carries the notification's id. Errors, each with the answer in its
  /// detail:
  ///  - rejected    "notifications.undeliverable": this one can never be delivered; it has failed.
  ///  - unavailable "notifications.unreachable":   nothing can be sent now; all wait until something can.
  ///  - internal    "notifications.deferred":      this one can't be sent now; it is tried again, others
  ///  pass.
  virtual banyan::Status send(const SendNotification& notification) = 0;
  /// The process is to end: what send() is doing, and all that it is asked from now on, is to end soon.
  virtual void hurry() noexcept {}
};

/// The sender's address of e-mail.
struct Mailbox {
  std::string name = "Banyan shop";
  std::string address = "shop@localhost";
};

/// Writes each e-mail to `<directory>/<notification id>.eml`, mode 0600: a repeat overwrites the file, and no
/// half-written one is ever seen. Survives the end of the process; after a power loss the newest may be gone.
std::shared_ptr<Sender> eml_sender(std::string directory, Mailbox from = {});

struct SmtpOptions {
  std::string url = "smtp://127.0.0.1:25";  ///< "smtps://…" for TLS from the start.
  std::string user{};                       ///< Empty: no authentication.
  banyan::Secret password{};
  bool needs_tls = true;  ///< Sends nothing over a connection that is not encrypted.
  banyan::Duration connect_timeout = std::chrono::seconds{5};
  banyan::Duration send_timeout = std::chrono::seconds{30};
  banyan::Duration hurry_timeout = std::chrono::seconds{2};  ///< The same, when the process is to end.
  Mailbox from{};
};

/// Hands each e-mail to a mail server. Its Message-ID is made of the notification's id, so that a repeat can
/// be told.
std::shared_ptr<Sender> smtp_sender(SmtpOptions options);

/// Takes everything and sends nothing.
std::shared_ptr<Sender> null_sender();

}  // namespace shop::notifications
