#include <algorithm>

#include "banyan/message/trace.hpp"

namespace banyan::message {
namespace {

struct Limits {
  std::size_t members;
  std::size_t bytes;
};

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

bool is_one_of(std::string_view set, char c) { return set.find(c) != std::string_view::npos; }

template <class Allowed>
bool is_made_of(std::string_view text, std::size_t most, Allowed allowed) {
  return !text.empty() && text.size() <= most && std::all_of(text.begin(), text.end(), allowed);
}

// The part of `text` before `mark`, or all of it; `text` becomes the part behind it.
std::string_view take_until(std::string_view& text, char mark) {
  const std::size_t end = std::min(text.find(mark), text.size());
  const std::string_view head = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return head;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_tracestate_key(std::string_view key) {
  const auto is_key_char = [](char c) { return is_lower(c) || is_digit(c) || is_one_of("_-*/@", c); };
  return is_made_of(key, 256, is_key_char) && (is_lower(key[0]) || is_digit(key[0])) &&
         std::count(key.begin(), key.end(), '@') <= 1;
}

bool is_tracestate_value(std::string_view value) {
  return is_made_of(value, 256, [](char c) { return c >= 0x20 && c <= 0x7e && c != ',' && c != '='; });
}

// Nothing if `member` is malformed.
std::string tracestate_member(std::string_view member) {
  std::string_view value = member;
  const std::string_view key = take_until(value, '=');
  return is_tracestate_key(key) && is_tracestate_value(value) ? std::string{member} : std::string{};
}

bool is_token(std::string_view text) {
  return is_made_of(text, text.size(), [](char c) {
    return is_lower(c) || is_upper(c) || is_digit(c) || is_one_of("!#$%&'*+-.^_`|~", c);
  });
}

bool is_baggage_value(std::string_view value) {
  return std::all_of(value.begin(), value.end(),
                     [](char c) { return c > 0x20 && c < 0x7f && !is_one_of("\",;\\", c); });
}

// A key with a value; in a property the value may be missing. Nothing if malformed.
std::string baggage_pair(std::string_view text, bool needs_value) {
  std::string_view rest = text;
  const std::string_view key = trimmed(take_until(rest, '='));
  const bool has_value = text.find('=') != std::string_view::npos;
  const std::string_view value = trimmed(rest);
  if (!is_token(key) || !is_baggage_value(value) || (needs_value && !has_value)) return {};
  return has_value ? std::string{key} + '=' + std::string{value} : std::string{key};
}

// Nothing if `member` is malformed.
std::string baggage_member(std::string_view member) {
  const bool ends_in_a_property = !member.empty() && member.back() == ';';
  std::string pairs = baggage_pair(take_until(member, ';'), true);
  if (pairs.empty() || (ends_in_a_property && member.empty())) return {};
  while (!member.empty()) {
    const std::string property = baggage_pair(take_until(member, ';'), false);
    if (property.empty()) return {};
    pairs += ';' + property;
  }
  return pairs;
}

template <class Member>
std::string read_list(const std::vector<std::string_view>& fields, Limits limits, Member read_member) {
  std::string list;
  std::size_t count = 0;
  for (std::string_view field : fields) {
    while (!field.empty()) {
      const std::string_view text = trimmed(take_until(field, ','));
      if (text.empty()) continue;
      const std::string member = read_member(text);
      if (member.empty() || ++count > limits.members) return {};
      if (!list.empty()) list += ',';
      list += member;
      if (list.size() > limits.bytes) return {};
    }
  }
  return list;
}

}  // namespace

std::string read_tracestate(const std::vector<std::string_view>& fields) {
  return read_list(fields, {.members = 32, .bytes = 512}, tracestate_member);
}

std::string read_baggage(const std::vector<std::string_view>& fields) {
  return read_list(fields, {.members = 64, .bytes = 8192}, baggage_member);
}

}  // namespace banyan::message
