#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "banyan/json/value.hpp"

namespace banyan::json {

/// Appends compact JSON to a string. The caller keeps the nesting balanced; commas are placed here.
/// Threads: one writer, one thread.
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  void begin_object();
  void end_object();
  void begin_array();
  void end_array();
  /// The name of the next value; only directly inside an object. `name` is written as it is: it must need no
  /// escape.
  void name(std::string_view name);

  /// The same for a name that may need escapes.
  void escaped_name(std::string_view name);

  void null();
  void boolean(bool value);
  void integer(std::int64_t value);
  /// Shortest text that reads back to the same double; a value that is not finite is written as null.
  void number(double value);
  /// Escapes quote, backslash and control characters; everything else passes as UTF-8.
  void string(std::string_view value);
  /// `text` must be one valid JSON value.
  void raw(std::string_view text);
  void value(const Value& value);

 private:
  void separate();

  std::string& out_;
  bool first_ = true;  ///< No comma before the next value or name.
};

/// `value` as compact text.
std::string to_string(const Value& value);

}  // namespace banyan::json
