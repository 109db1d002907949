#include "banyan/http/handler.hpp"

#include <string>

#include "banyan/base/utf8.hpp"

namespace banyan::http {
namespace {

/// "Bad Request" -> "bad-request".
std::string slug(std::string_view title) {
  std::string text{title};
  for (char& c : text) {
    if (c == ' ') c = '-';
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return text;
}

void append_escaped(std::string& json, std::string_view text) {
  static constexpr std::string_view hex = "0123456789abcdef";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      json.append({'\\', c});
    } else if (byte < 0x20) {
      json.append("\\u00").append({hex[byte >> 4], hex[byte & 15]});
    } else {
      json.push_back(c);
    }
  }
}

}  // namespace

Response problem(int status, std::string_view detail, std::string_view reason) {
  const std::string_view title = reason_phrase(status);
  std::string body = R"({"type":"/problems/)" + slug(title) + R"(","title":")";
  body.append(title).append(R"(","status":)").append(std::to_string(status)).append(R"(,"detail":")");
  append_escaped(body, to_utf8(detail));
  body.append(R"(","code":"BNY-)");
  append_escaped(body, reason.empty() ? "HTTP-" + std::to_string(status) : std::string{reason});
  body.append("\"}");
  return {status, {{"Content-Type", "application/problem+json"}}, std::move(body)};
}

Response Handler::on_malformed(int status, std::string_view reason) { return problem(status, reason); }

}  // namespace banyan::http
