#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "banyan/base/random.hpp"

namespace banyan::message {

/// W3C Trace Context, level 1: which trace a message belongs to and which span caused it.
struct TraceContext {
  std::array<std::uint8_t, 16> trace_id{};
  std::array<std::uint8_t, 8> span_id{};
  std::uint8_t flags = 0;

  bool is_valid() const noexcept;
  /// A new trace, sampled.
  static TraceContext start(Random& random);
  /// The same trace, a new span.
  TraceContext child(Random& random) const;

  /// "00-<32 hex>-<16 hex>-<2 hex>".
  std::string to_traceparent() const;
  std::string trace_id_hex() const;
  std::string span_id_hex() const;
  /// nullopt for anything the standard calls invalid (zeros, upper case, version ff, wrong length); a version
  /// newer than 00 is read by its first four fields.
  static std::optional<TraceContext> parse(std::string_view traceparent);

  friend bool operator==(const TraceContext&, const TraceContext&) = default;
};

/// The list of a `tracestate`, whose fields come in this order: what other tracing systems want to find
/// again. Without the white space around its members; empty if it has a malformed member, more than 32, or
/// more than 512 characters (W3C Trace Context §3.3).
std::string read_tracestate(const std::vector<std::string_view>& fields);
/// The list of a `baggage`: what the caller's application wants to find again. Without white space; empty if
/// it has a malformed member, more than 64, or more than 8,192 bytes (W3C Baggage §3).
std::string read_baggage(const std::vector<std::string_view>& fields);

}  // namespace banyan::message
