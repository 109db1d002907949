#include "banyan/nats/message.hpp"

#include <algorithm>

#include "banyan/nats/subject.hpp"

namespace banyan::nats {
namespace {

bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

Error bad_header(std::string_view why) {
  return {Errc::invalid_argument, "nats.bad_header", std::string{why}};
}

}  // namespace

const std::string* find_header(const Headers& headers, std::string_view name) noexcept {
  const auto found = std::ranges::find(headers, name, &Header::name);
  return found == headers.end() ? nullptr : &found->value;
}

Status check_headers(const Headers& headers) {
  for (const Header& header : headers) {
    if (!is_token(header.name)) return bad_header("the name of a header is no token");
    if (std::ranges::any_of(header.value, is_control)) {
      return bad_header("the value of " + header.name + " has control characters");
    }
  }
  return success();
}

}  // namespace banyan::nats
