#include "banyan/json/writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "banyan/base/utf8.hpp"
#include "banyan/json/encode.hpp"

namespace banyan::json {
namespace {

template <class Number>
void append_number(std::string& out, Number value) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  out.append(text.data(), end);
}

/// By the character's code: whether it can't stand in a string as it is.
constexpr std::array<bool, 256> needs_escape = [] {
  std::array<bool, 256> needs{};
  std::fill_n(needs.begin(), 0x20, true);
  needs['"'] = needs['\\'] = true;
  return needs;
}();

void append_escaped(std::string& out, char c) {
  constexpr std::string_view hex = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  out += "\\u00";
  out += hex[static_cast<unsigned char>(c) >> 4];
  out += hex[static_cast<unsigned char>(c) & 0xF];
}

// Bytes that are not UTF-8 are replaced, because no reader would take the document otherwise.
void append_string(std::string& out, std::string_view value) {
  if (!is_utf8(value)) return append_string(out, to_utf8(value));
  out += '"';
  std::size_t plain = 0;
  for (std::size_t at = 0; at < value.size(); ++at) {
    if (!needs_escape[static_cast<unsigned char>(value[at])]) continue;
    out.append(value, plain, at - plain);
    append_escaped(out, value[at]);
    plain = at + 1;
  }
  out.append(value, plain);
  out += '"';
}

/// Text whose characters need no escape.
template <std::size_t size>
void write_plain(Writer& out, const std::array<char, size>& text) {
  std::array<char, size + 2> quoted;
  quoted.front() = quoted.back() = '"';
  std::copy(text.begin(), text.end(), quoted.begin() + 1);
  out.raw({quoted.data(), quoted.size()});
}

/// Writes a value of any nesting; the document's own depth bounds the recursion.
struct ValueWriter {
  Writer& out;

  void operator()(std::nullptr_t) const { out.null(); }
  void operator()(bool value) const { out.boolean(value); }
  void operator()(std::int64_t value) const { out.integer(value); }
  void operator()(double value) const { out.number(value); }
  void operator()(const std::string& value) const { out.string(value); }
  void operator()(const Array& elements) const {
    out.begin_array();
    for (const Value& element : elements) out.value(element);
    out.end_array();
  }
  void operator()(const Object& members) const {
    out.begin_object();
    for (const auto& [name, value] : members) {
      out.escaped_name(name);
      out.value(value);
    }
    out.end_object();
  }
};

}  // namespace

void Writer::separate() {
  if (!first_) out_ += ',';
  first_ = false;
}

void Writer::begin_object() {
  separate();
  out_ += '{';
  first_ = true;
}

void Writer::end_object() {
  out_ += '}';
  first_ = false;
}

void Writer::begin_array() {
  separate();
  out_ += '[';
  first_ = true;
}

void Writer::end_array() {
  out_ += ']';
  first_ = false;
}

void Writer::name(std::string_view name) {
  separate();
  out_ += '"';
  out_ += name;
  out_ += "\":";
  first_ = true;
}

void Writer::escaped_name(std::string_view name) {
  separate();
  append_string(out_, name);
  out_ += ':';
  first_ = true;
}

void Writer::null() { raw("null"); }

void Writer::boolean(bool value) { raw(value ? "true" : "false"); }

void Writer::integer(std::int64_t value) {
  separate();
  append_number(out_, value);
}

void Writer::number(double value) {
  if (!std::isfinite(value)) return null();
  separate();
  const std::size_t begin = out_.size();
  append_number(out_, value);
  // Digits alone would be read as an integer, which has no negative zero and at most 64 bits.
  const bool is_plain = out_.find_first_of(".e", begin) == std::string::npos;
  const bool is_negative_zero = value == 0 && std::signbit(value);
  if (is_plain && (is_negative_zero || std::abs(value) >= 0x1p63)) out_ += ".0";
}

void Writer::string(std::string_view value) {
  separate();
  append_string(out_, value);
}

void Writer::raw(std::string_view text) {
  separate();
  out_ += text;
}

void Writer::value(const Value& value) { value.visit(ValueWriter{*this}); }

std::string to_string(const Value& value) {
  std::string out;
  Writer{out}.value(value);
  return out;
}

void write(Writer& out, const Uuid& value) { write_plain(out, to_text(value)); }

void write(Writer& out, Timestamp value) { write_plain(out, to_text(value)); }

void write(Writer& out, const Money& value) {
  out.begin_object();
  member(out, "amount_minor", value.amount_minor);
  member(out, "currency", value.currency);
  out.end_object();
}

}  // namespace banyan::json
