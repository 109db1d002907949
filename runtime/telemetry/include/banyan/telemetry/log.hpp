#pragma once
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "banyan/base/clock.hpp"
#include "banyan/base/error.hpp"
#include "banyan/base/secret.hpp"
#include "banyan/base/uuid.hpp"

namespace banyan::telemetry {

enum class Level : std::uint8_t { debug, info, warning, error, off };

std::string_view to_string(Level level) noexcept;

/// True for a name that may stand in a log line: lower case letters, digits and underscores, first a letter,
/// and none of those that every line has.
constexpr bool is_field_name(std::string_view name) noexcept {
  for (const std::string_view taken :
       {"timestamp", "level", "service", "module", "message", "trace_id", "span_id"}) {
    if (name == taken) return false;
  }
  for (const char c : name) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
  }
  return !name.empty() && name.front() >= 'a';
}

/// The name of a field: a literal, checked when it is compiled.
class FieldName {
 public:
  consteval FieldName(const char* name) : text_(name) {
    if (!is_field_name(name)) throw "not the name of a log field";
  }
  constexpr std::string_view text() const noexcept { return text_; }

 private:
  std::string_view text_;
};

/// One named value of a log line. Cheap to make: nothing is formatted before the line is known to be written.
/// Lifetime: refers to its text and its Error; meant to live as long as the call that logs it.
class Field {
 public:
  /// A Duration is written in milliseconds (name it "…_ms"), an Error with its code, reason and detail.
  using Value =
      std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool, Duration, Uuid, const Error*>;

  template <std::convertible_to<std::string_view> T>
  Field(FieldName name, const T& text) : name_(name), value_(std::string_view{text}) {}
  template <std::signed_integral T>
  Field(FieldName name, T number) : name_(name), value_(std::int64_t{number}) {}
  template <std::unsigned_integral T>
  requires(!std::same_as<T, bool>) Field(FieldName name, T number)
      : name_(name), value_(std::uint64_t{number}) {}
  Field(FieldName name, std::same_as<bool> auto flag) : name_(name), value_(bool{flag}) {}
  Field(FieldName name, double number) : name_(name), value_(number) {}
  Field(FieldName name, Duration duration) : name_(name), value_(duration) {}
  Field(FieldName name, const Uuid& id) : name_(name), value_(id) {}
  Field(FieldName name, const Error& error) : name_(name), value_(&error) {}
  Field(FieldName name, const Secret&) : name_(name), value_(std::string_view{"***"}) {}

  std::string_view name() const noexcept { return name_.text(); }
  const Value& value() const noexcept { return value_; }

 private:
  FieldName name_;
  Value value_;
};

/// Which trace and which user a line belongs to. All zeros and empty: none is known.
/// Lifetime: refers to the name of the user.
struct Correlation {
  std::array<std::uint8_t, 16> trace_id{};
  std::array<std::uint8_t, 8> span_id{};
  std::string_view user_id{};
};

/// Where finished lines go. Threads: safe.
class LogSink {
 public:
  virtual ~LogSink() = default;
  /// `line` is one JSON object without line end. Never blocks on I/O, never throws.
  virtual void write(std::string_view line) noexcept = 0;
};

/// Writes JSON lines: timestamp, level, service, message, trace_id and span_id always (ids empty where
/// unknown), module and user_id where known, then the fields in order. Whatever text contains, a line stays
/// one line of valid UTF-8: control, bidirectional and line-separating characters are escaped, a text above
/// text_bytes_max is cut, and fields beyond line_bytes_max are left out ("truncated": true).
///
///     log.with({trace.trace_id, trace.span_id}).info("order placed", {{"order_id", id}, {"duration_ms",
///     took}});
///
/// A value; a copy writes to the same sink. Threads: safe. Lifetime: sink and clock must live longer.
class Log {
 public:
  static constexpr std::size_t text_bytes_max = 2 << 10;
  static constexpr std::size_t line_bytes_max = 8 << 10;
  using Fields = std::initializer_list<Field>;

  Log(LogSink& sink, const Clock& clock, std::string_view service, Level lowest);

  /// The same log in the name of one module or component.
  Log for_module(std::string_view module) const;
  /// The same log on behalf of one request.
  Log with(const Correlation& correlation) const;

  bool writes(Level level) const noexcept { return level >= lowest_; }

  void debug(std::string_view message, Fields fields = {}) const { write(Level::debug, message, fields); }
  void info(std::string_view message, Fields fields = {}) const { write(Level::info, message, fields); }
  void warning(std::string_view message, Fields fields = {}) const { write(Level::warning, message, fields); }
  void error(std::string_view message, Fields fields = {}) const { write(Level::error, message, fields); }

 private:
  void write(Level level, std::string_view message, Fields fields) const {
    if (writes(level)) write_line(level, message, fields);
  }
  void write_line(Level level, std::string_view message, Fields fields) const;

  struct Source;  ///< Service and module.

  LogSink* sink_;
  const Clock* clock_;
  std::shared_ptr<const Source> source_;
  Correlation correlation_;
  Level lowest_;
};

}  // namespace banyan::telemetry
