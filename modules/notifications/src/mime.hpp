#pragma once
#include <string>
#include <string_view>

#include "banyan/base/clock.hpp"
#include "shop/notifications/messages.hpp"
#include "shop/notifications/sender.hpp"

namespace shop::notifications {

/// `notification` as an Internet message (RFC 5322, RFC 2045): plain text in UTF-8, quoted-printable, lines
/// ended by CR LF. Nothing in it can add a header of its own. The recipient is one that is_deliverable().
std::string to_message(const SendNotification& notification, const Mailbox& from);

/// Whether `address` can stand between angle brackets as it is: one @, printable ASCII, nothing to quote.
bool is_deliverable(std::string_view address) noexcept;

/// A header's text: as it is if it is printable ASCII, else as encoded words (RFC 2047).
std::string encoded_words(std::string_view text);

/// RFC 2045 §6.7: lines of at most 76 characters, ended by CR LF.
std::string quoted_printable(std::string_view text);

/// RFC 5322 §3.3: "Sat, 31 Jan 2026 12:00:00 +0000".
std::string mail_date(banyan::Timestamp time);

}  // namespace shop::notifications
