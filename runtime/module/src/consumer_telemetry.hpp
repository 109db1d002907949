#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "banyan/delivery/link.hpp"
#include "banyan/delivery/parked.hpp"
#include "banyan/module/instance.hpp"
#include "span.hpp"

namespace banyan::module {

/// The outcome of a message's turn.
enum class Outcome : std::uint8_t {
  done,
  rejected,  ///< Its sender hears why.
  failed,    ///< The same, and it is nobody's decision: a bug, or something that is not there.
  retried,   ///< Failed, and is tried again.
  dead,      ///< Failed for the last time.
  repeated,  ///< Had been handled before.
};
inline constexpr std::size_t outcomes = 6;

/// A message of another module that failed.
struct FailedMessage {
  std::string_view producer;
  std::uint64_t seq;
  std::string_view type;
  std::string_view key;
  int attempts;
  message::TraceContext trace = {};

  static FailedMessage of(std::string_view producer, const delivery::Delivery& delivery);
  /// `message` as it was before this attempt.
  static FailedMessage of(const delivery::ParkedMessage& message, const message::TraceContext& trace);
};

/// Counts and times the messages that a module handles, and tells the log of what went wrong. A message whose
/// transaction is not committed is handled again, and counted again.
///
/// Threads: one, the writer's.
class ConsumerTelemetry {
 public:
  ConsumerTelemetry(const Environment& environment, const std::string& module);

  void ended(const Span& span, const Descriptor& type, const Status& outcome) {
    of(type).duration.observe(span.end(log_, outcome));
  }
  void count(const Descriptor& type, Outcome outcome) {
    of(type).counts[static_cast<std::size_t>(outcome)].add();
  }

  /// Parked, to be tried again or as a dead letter.
  void failed(const FailedMessage& message, const Error& cause, bool is_dead) const;
  /// Nothing of `producer`'s can be handled now. Told once, until it goes on.
  void waits(const std::string& producer, const Descriptor& type, const Error& cause);
  void goes_on(const std::string& producer);
  /// Work that the module does by itself: it is tried again.
  void work_failed(std::string_view work, const Error& cause) const;
  /// Nothing of an open group of `size` commands and messages has happened.
  void group_lost(std::size_t size, const Error& cause) const;

 private:
  struct Handles {
    std::array<telemetry::Counter, outcomes> counts;
    telemetry::Histogram duration;
  };
  Handles& of(const Descriptor& type);

  telemetry::Registry& metrics_;
  telemetry::Log log_;
  std::string module_;
  std::unordered_set<std::string> waiting_;                 // producers
  std::unordered_map<const Descriptor*, Handles> handles_;  // looked up with the first message of a type
};

}  // namespace banyan::module
