#include "banyan/nats/subject.hpp"

#include <algorithm>
#include <cstddef>

namespace banyan::nats {
namespace {

constexpr std::size_t token_bytes_max = 64;
constexpr std::size_t subject_bytes_max = 255;

bool is_token_character(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

Error bad_subject(std::string_view why) {
  return {Errc::invalid_argument, "nats.bad_subject", std::string{why}};
}

// The server's own subjects begin with '$'.
std::string_view without_dollar(std::string_view text) {
  if (text.starts_with('$')) text.remove_prefix(1);
  return text;
}

// True if `accepts` each part of `text`, the last one with `is_last`.
template <class Accepts>
bool all_tokens(std::string_view text, Accepts accepts) {
  for (;;) {
    const std::size_t dot = text.find('.');
    if (!accepts(text.substr(0, dot), dot == std::string_view::npos)) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

}  // namespace

bool is_token(std::string_view text) noexcept {
  return !text.empty() && text.size() <= token_bytes_max && std::ranges::all_of(text, is_token_character);
}

Result<Subject> Subject::of(std::initializer_list<std::string_view> tokens) {
  std::string text;
  for (const std::string_view token : tokens) {
    if (!is_token(token)) return bad_subject("a token is empty, too long or has a forbidden character");
    if (!text.empty()) text += '.';
    text += token;
  }
  if (text.empty() || text.size() > subject_bytes_max) return bad_subject("empty or too long");
  return Subject{std::move(text)};
}

Result<Subject> Subject::parse(std::string_view text) {
  if (text.size() > subject_bytes_max) return bad_subject("too long");
  const auto accepts = [](std::string_view token, bool) { return is_token(token); };
  if (!all_tokens(without_dollar(text), accepts)) {
    return bad_subject("a token is empty, too long or has a forbidden character");
  }
  return Subject{std::string{text}};
}

Result<Pattern> Pattern::parse(std::string_view text) {
  if (text.size() > subject_bytes_max) return bad_subject("too long");
  const auto accepts = [](std::string_view token, bool is_last) {
    return token == "*" || (token == ">" && is_last) || is_token(token);
  };
  if (!all_tokens(without_dollar(text), accepts)) {
    return bad_subject("a token of the pattern is empty, too long or has a forbidden character");
  }
  return Pattern{std::string{text}};
}

}  // namespace banyan::nats
