#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "banyan/base/clock.hpp"
#include "banyan/base/uuid.hpp"
#include "banyan/message/descriptor.hpp"
#include "banyan/message/trace.hpp"

namespace banyan::message {

/// The metadata of one message: CloudEvents attributes and Banyan's extensions. `type` and `datacontenttype`
/// follow from the payload's descriptor.
struct Envelope {
  Uuid id;                         ///< CloudEvents `id`.
  std::string source;              ///< CloudEvents `source`: the module that sent it.
  std::string destination;         ///< The one module meant; empty for an event.
  std::string key;                 ///< `partitionkey`.
  Timestamp time{};                ///< When it was sent.
  Instant deadline = no_deadline;  ///< Work on it is not started after this. What travels is the time left.
  Uuid correlation_id;             ///< The whole conversation, e.g. one checkout.
  Uuid causation_id;               ///< The message that led to this one; nil for the first.
  TraceContext trace;
  std::string tracestate;  ///< Of other tracing systems, handed on as it came.
  std::string baggage;     ///< Of the caller's application, handed on as it came.
  std::string principal;   ///< On whose behalf; empty for the system itself.
  std::string
      reply_to;  ///< Durable commands: echoed in the reply, opaque to the callee. Empty: no reply wanted.
};

/// An envelope with its body, shared by everyone who handles it. Immutable once sent.
struct Parcel {
  Envelope envelope;
  Payload payload;
};
using ParcelPtr = std::shared_ptr<const Parcel>;

/// A deadline that is further away than this is none: it does not travel.
inline constexpr std::chrono::milliseconds time_left_max = std::chrono::days{366};

/// The time left at `now` until the envelope's deadline, rounded up; nothing without a deadline.
std::optional<std::chrono::milliseconds> time_left(const Envelope& envelope, Instant now);

/// The envelope's attributes as a JSON object, without the body: what a store keeps as headers. Of a deadline
/// it says how much time is left at `now`.
std::string to_headers(const Envelope& envelope, Instant now);
/// `written`: the moment to which the time left refers; it may be before the process began.
/// Errors: invalid_argument "message.bad_headers".
Result<Envelope> from_headers(std::string_view headers, Instant written);

/// The whole parcel as CloudEvents 1.0 structured JSON, and back; `now` as above.
/// Errors: those of decode(); not_found "message.unknown_type"; invalid_argument "message.bad_headers".
class Registry;
std::string to_bytes(const Parcel& parcel, Instant now);
Result<ParcelPtr> from_bytes(std::string_view bytes, const Registry& registry, Instant now);

}  // namespace banyan::message
