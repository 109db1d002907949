#pragma once
#include <memory>
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
  Uuid id;                           ///< CloudEvents `id`.
  std::string source;                ///< CloudEvents `source`: the module that sent it.
  std::string destination;           ///< The one module meant; empty for an event.
  std::string key;                   ///< `partitionkey`.
  Timestamp time{};                  ///< When it was sent.
  Timestamp deadline = no_deadline;  ///< `expirytime`: work on it is not started after this.
  Uuid correlation_id;               ///< The whole conversation, e.g. one checkout.
  Uuid causation_id;                 ///< The message that led to this one; nil for the first.
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

/// The envelope's attributes as a JSON object, without the body: what the outbox stores as headers.
std::string to_headers(const Envelope& envelope);
/// Errors: invalid_argument "message.bad_headers".
Result<Envelope> from_headers(std::string_view headers);

/// The whole parcel as CloudEvents 1.0 structured JSON, and back.
/// Errors: those of decode(); not_found "message.unknown_type"; invalid_argument "message.bad_headers".
class Registry;
std::string to_bytes(const Parcel& parcel);
Result<ParcelPtr> from_bytes(std::string_view bytes, const Registry& registry);

}  // namespace banyan::message
