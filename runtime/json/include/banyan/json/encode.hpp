#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "banyan/base/clock.hpp"
#include "banyan/base/money.hpp"
#include "banyan/base/uuid.hpp"
#include "banyan/json/writer.hpp"

/// The parts of generated encoders: one `write` per type. A generated `write(Writer&, const M&)` lies in
/// the namespace of M (not in an unnamed one):
///
///   void write(json::Writer& out, const Line& line) {
///     out.begin_object();
///     json::member(out, "product_id", line.product_id);
///     json::member(out, "note", line.note);            // std::optional: left out when it is empty
///     out.end_object();
///   }
namespace banyan::json {

inline void write(Writer& out, std::string_view value) { out.string(value); }
inline void write(Writer& out, const std::string& value) { out.string(value); }
inline void write(Writer& out, const char* value) { out.string(value); }
inline void write(Writer& out, std::int64_t value) { out.integer(value); }
inline void write(Writer& out, double value) { out.number(value); }
inline void write(Writer& out, bool value) { out.boolean(value); }
inline void write(Writer& out, const Value& value) { out.value(value); }
void write(Writer& out, const Uuid& value);
void write(Writer& out, Timestamp value);
void write(Writer& out, const Money& value);

template <class T>
void write(Writer& out, const std::vector<T>& values) {
  out.begin_array();
  for (const T& value : values) write(out, value);
  out.end_array();
}

/// `name` must need no escape.
template <class T>
void member(Writer& out, std::string_view name, const T& value) {
  out.name(name);
  write(out, value);
}

template <class T>
void member(Writer& out, std::string_view name, const std::optional<T>& value) {
  if (value) member(out, name, *value);
}

/// The same, with null for an empty one.
template <class T>
void member_or_null(Writer& out, std::string_view name, const std::optional<T>& value) {
  if (value) return member(out, name, *value);
  out.name(name);
  out.null();
}

/// The M at `value` as text, for a message's descriptor.
template <class M>
void encode(const void* value, std::string& out) {
  Writer writer{out};
  write(writer, *static_cast<const M*>(value));
}

}  // namespace banyan::json
