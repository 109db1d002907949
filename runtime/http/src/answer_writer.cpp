#include "answer_writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>

namespace banyan::http {
namespace {

constexpr std::size_t head_size_usual = 256;

bool is_token(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view{"-_!#$%&'*+.^`|~"}.find(c) != std::string_view::npos;
}

bool is_value_char(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= 0x20 && byte != 0x7f) || c == '\t';
}

/// Framing is the server's: what a handler says of it could only contradict.
bool is_framing(std::string_view name) noexcept {
  switch (name.size()) {
    case 4:
      return equals_ignoring_case(name, "Date");
    case 10:
      return equals_ignoring_case(name, "Connection") || equals_ignoring_case(name, "Keep-Alive");
    case 14:
      return equals_ignoring_case(name, "Content-Length");
    case 17:
      return equals_ignoring_case(name, "Transfer-Encoding");
    default:
      return false;
  }
}

bool may_have_body(int status) noexcept { return status != 204 && status != 304; }

void append_number(std::string& output, std::uint64_t number) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  output.append(digits.data(), end);
}

void append_status_line(std::string& output, int status) {
  if (status == 200) {
    output += "HTTP/1.1 200 OK\r\n";
    return;
  }
  output += "HTTP/1.1 ";
  append_number(output, static_cast<std::uint64_t>(status));
  output.append(" ").append(reason_phrase(status)).append("\r\n");
}

}  // namespace

bool is_sendable(const Response& response) noexcept {
  if (response.status < 200 || response.status > 599) return false;
  return std::all_of(response.headers.begin(), response.headers.end(), [](const Header& header) {
    return !header.name.empty() && std::all_of(header.name.begin(), header.name.end(), is_token) &&
           std::all_of(header.value.begin(), header.value.end(), is_value_char);
  });
}

void append_answer(std::string& output, const Response& response, const Framing& framing, bool close,
                   std::string_view date_line) {
  const bool has_body = may_have_body(response.status);
  output.reserve(output.size() + head_size_usual + response.body.size());
  append_status_line(output, response.status);
  output += date_line;
  for (const Header& header : response.headers) {
    if (is_framing(header.name)) continue;
    output.append(header.name).append(": ").append(header.value).append("\r\n");
  }
  if (has_body) {
    output += "Content-Length: ";
    append_number(output, response.body.size());
    output += "\r\n";
  }
  if (close) {
    output += "Connection: close\r\n";
  } else if (framing.http_1_0) {
    output += "Connection: keep-alive\r\n";
  }
  output += "\r\n";
  if (has_body && !framing.head_only) output += response.body;
}

std::string date_line(Timestamp time) {
  static constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(time - day)};
  std::array<char, 48> line;
  const int size =
      std::snprintf(line.data(), line.size(), "Date: %s, %02u %s %04d %02d:%02d:%02d GMT\r\n",
                    days[std::chrono::weekday{day}.c_encoding()], static_cast<unsigned>(date.day()),
                    months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                    static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                    static_cast<int>(clock.seconds().count()));
  return {line.data(), static_cast<std::size_t>(size)};
}

}  // namespace banyan::http
