#include "banyan/message/trace.hpp"

#include <algorithm>
#include <span>

namespace banyan::message {
namespace {

constexpr std::uint8_t sampled = 0x01;
constexpr std::size_t traceparent_length = 55;

/// Fills an id with chance; all zeros would be invalid.
void draw(std::span<std::uint8_t> id, Random& random) {
  random.fill(std::as_writable_bytes(id));
  if (std::all_of(id.begin(), id.end(), [](auto byte) { return byte == 0; })) id.back() = 1;
}

void append_hex(std::string& out, std::span<const std::uint8_t> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (const auto byte : bytes) {
    out += digits[byte >> 4];
    out += digits[byte & 0xF];
  }
}

/// -1 for anything but a lower-case hexadecimal digit.
constexpr int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  return -1;
}

/// `text` has two digits per byte.
bool read_hex(std::string_view text, std::span<std::uint8_t> bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const int high = hex_value(text[2 * i]);
    const int low = hex_value(text[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return true;
}

/// Only a version that is newer than ours may go on after its fourth field.
bool has_valid_length(std::string_view traceparent, std::uint8_t version) {
  if (traceparent.size() == traceparent_length) return true;
  return version > 0 && traceparent[traceparent_length] == '-';
}

}  // namespace

bool TraceContext::is_valid() const noexcept {
  return trace_id != decltype(trace_id){} && span_id != decltype(span_id){};
}

TraceContext TraceContext::start(Random& random) {
  TraceContext trace;
  draw(trace.trace_id, random);
  draw(trace.span_id, random);
  trace.flags = sampled;
  return trace;
}

TraceContext TraceContext::child(Random& random) const {
  TraceContext trace = *this;
  draw(trace.span_id, random);
  return trace;
}

std::string TraceContext::to_traceparent() const {
  std::string text;
  text.reserve(traceparent_length);
  text += "00-";
  append_hex(text, trace_id);
  text += '-';
  append_hex(text, span_id);
  text += '-';
  append_hex(text, std::span{&flags, 1});
  return text;
}

std::string TraceContext::trace_id_hex() const {
  std::string text;
  append_hex(text, trace_id);
  return text;
}

std::string TraceContext::span_id_hex() const {
  std::string text;
  append_hex(text, span_id);
  return text;
}

std::optional<TraceContext> TraceContext::parse(std::string_view traceparent) {
  constexpr std::uint8_t invalid_version = 0xFF;
  if (traceparent.size() < traceparent_length) return std::nullopt;
  if (traceparent[2] != '-' || traceparent[35] != '-' || traceparent[52] != '-') return std::nullopt;

  TraceContext trace;
  std::uint8_t version = 0;
  const bool is_hex = read_hex(traceparent, std::span{&version, 1}) &&
                      read_hex(traceparent.substr(3), trace.trace_id) &&
                      read_hex(traceparent.substr(36), trace.span_id) &&
                      read_hex(traceparent.substr(53), std::span{&trace.flags, 1});
  if (!is_hex || version == invalid_version || !has_valid_length(traceparent, version)) return std::nullopt;
  if (!trace.is_valid()) return std::nullopt;
  trace.flags &= sampled;
  return trace;
}

}  // namespace banyan::message
