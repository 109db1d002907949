#pragma once
#include <span>
#include <string_view>

namespace banyan::message {

/// The messages that one module sends to another, as the contracts say. Everything here points to constants
/// that live as long as the process.
struct Edge {
  std::string_view from;  ///< A module, or "gateway" for what comes in over HTTP.
  std::string_view to;    ///< A module, never `from`.
  /// Types of the commands and queries that `from` may ask of `to`, directly or durably.
  std::span<const std::string_view> calls;
  /// Types of what travels in the link from `from` to `to`: durable commands, events, and replies and
  /// refusals to durable commands. Empty: there is no link.
  std::span<const std::string_view> messages;
};

}  // namespace banyan::message
