#include "mime.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdio>

namespace shop::notifications {
namespace {

constexpr std::string_view newline = "\r\n";

bool is_printable(char c) noexcept { return c >= ' ' && c <= '~'; }

bool is_plain(std::string_view text) noexcept {
  // "=?" would be taken for the start of an encoded word.
  return std::all_of(text.begin(), text.end(), is_printable) && text.find("=?") == std::string_view::npos;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::string_view group = bytes.substr(i, 3);
    unsigned bits = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      bits = bits << 8 | (k < group.size() ? static_cast<unsigned char>(group[k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += k <= group.size() ? digits[bits >> (18 - 6 * k) & 63U] : '=';
    }
  }
  return out;
}

/// Where the first at most `size_max` bytes of `text` end without cutting a character in two.
std::size_t whole_characters(std::string_view text, std::size_t size_max) noexcept {
  if (text.size() <= size_max) return text.size();
  std::size_t end = size_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return end > 0 ? end : size_max;
}

/// Controls have no business in a header, not even encoded.
std::string without_controls(std::string_view text) {
  std::string clean{text};
  std::replace_if(
      clean.begin(), clean.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; },
      ' ');
  return clean;
}

std::string display_name(std::string_view name) {
  const std::string clean = without_controls(name);
  if (!is_plain(clean)) return encoded_words(clean);
  std::string quoted = "\"";
  for (const char c : clean) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string mailbox(std::string_view name, std::string_view address) {
  return display_name(name) + " <" + std::string{address} + ">";
}

std::string domain_of(std::string_view address) {
  return std::string{address.substr(address.rfind('@') + 1)};
}

void append_quoted_line(std::string_view line, std::string& out) {
  constexpr std::size_t length_max = 75;  // and the "=" of a soft break
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::size_t length = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool is_last_blank = c == ' ' && i + 1 == line.size();
    const bool stays = is_printable(c) && c != '=' && !is_last_blank;
    const std::size_t width = stays ? 1 : 3;
    if (length + width > length_max) {
      out += '=';
      out += newline;
      length = 0;
    }
    if (stays) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'=', digits[byte >> 4U], digits[byte & 15U]};
    }
    length += width;
  }
}

}  // namespace

bool is_deliverable(std::string_view address) noexcept {
  constexpr std::string_view refused = " \"(),:;<>[\\]";
  const std::size_t at = address.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < address.size() &&
         address.find('@', at + 1) == std::string_view::npos &&
         std::all_of(address.begin(), address.end(),
                     [&](char c) { return is_printable(c) && refused.find(c) == std::string_view::npos; });
}

std::string encoded_words(std::string_view text) {
  const std::string clean = without_controls(text);
  if (is_plain(clean)) return clean;
  constexpr std::size_t bytes_max = 39;  // of one word: with the header's name, a line of 76
  std::string out;
  for (std::string_view rest = clean; !rest.empty();) {
    const std::size_t size = whole_characters(rest, bytes_max);
    if (!out.empty()) out += "\r\n ";
    out += "=?UTF-8?B?" + base64(rest.substr(0, size)) + "?=";
    rest.remove_prefix(size);
  }
  return out;
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    append_quoted_line(line, out);
    out += newline;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string mail_date(banyan::Timestamp time) {
  constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(time - day)};
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d +0000",
                days[std::chrono::weekday{day}.c_encoding()], static_cast<unsigned>(date.day()),
                months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text.data();
}

std::string to_message(const SendNotification& notification, const Mailbox& from) {
  std::string out;
  const auto header = [&out](std::string_view name, std::string_view value) {
    out += name;
    out += ": ";
    out += value;
    out += newline;
  };
  header("Date", mail_date(notification.created_at));
  header("From", mailbox(from.name, from.address));
  header("To", mailbox(notification.recipient_name, notification.recipient));
  header("Message-ID", "<" + to_string(notification.notification_id) + "@" + domain_of(from.address) + ">");
  header("Subject", encoded_words(notification.subject));
  header("MIME-Version", "1.0");
  header("Content-Type", "text/plain; charset=utf-8");
  header("Content-Transfer-Encoding", "quoted-printable");
  header("Auto-Submitted", "auto-generated");
  out += newline;
  return out + quoted_printable(notification.body);
}

}  // namespace shop::notifications
