#include "banyan/nats/message.hpp"

#include <algorithm>

#include "banyan/nats/subject.hpp"

namespace banyan::nats {
namespace {

// Room for the headers of an event with a token.
constexpr std::size_t text_usual = 1024;
constexpr std::size_t count_usual = 16;

bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

Error bad_header(std::string_view why) {
  return {Errc::invalid_argument, "nats.bad_header", std::string{why}};
}

}  // namespace

Headers::Headers(std::initializer_list<Header> headers) {
  for (const auto& [name, value] : headers) add(name, value);
}

void Headers::add(std::string_view name, std::string_view value) {
  if (ends_.empty()) {
    text_.reserve(text_usual);
    ends_.reserve(count_usual);
  }
  text_.append(name);
  const auto name_end = static_cast<std::uint32_t>(text_.size());
  text_.append(value);
  ends_.push_back({name_end, static_cast<std::uint32_t>(text_.size())});
}

Header Headers::operator[](std::size_t index) const noexcept {
  const std::string_view text = text_;
  const std::size_t begin = index == 0 ? 0 : ends_[index - 1].value;
  const auto [name_end, value_end] = ends_[index];
  return {text.substr(begin, name_end - begin), text.substr(name_end, value_end - name_end)};
}

std::optional<std::string_view> Headers::find(std::string_view name) const noexcept {
  for (std::size_t i = 0; i < size(); ++i) {
    if (const Header header = (*this)[i]; header.name == name) return header.value;
  }
  return std::nullopt;
}

Status check_headers(const Headers& headers) {
  for (std::size_t i = 0; i < headers.size(); ++i) {
    const auto [name, value] = headers[i];
    if (!is_token(name)) return bad_header("the name of a header is no token");
    if (std::ranges::any_of(value, is_control)) {
      return bad_header("the value of " + std::string{name} + " has control characters");
    }
  }
  return success();
}

}  // namespace banyan::nats
