#pragma once
#include "banyan/base/clock.hpp"
#include "banyan/base/uuid.hpp"
#include "banyan/message/envelope.hpp"

namespace banyan::message {

/// What a handler sees besides its message: the time, who asks, the trace. Valid during the call only.
class Context {
 public:
  Context(const Envelope& envelope, Timestamp now_, IdSource& ids)
      : Context(envelope, now_, ids, envelope.trace) {}
  /// `span`: of the handling, where its caller makes one.
  Context(const Envelope& envelope, Timestamp now_, IdSource& ids, const TraceContext& span)
      : now(now_), envelope_(envelope), ids_(ids), span_(span) {}

  const Timestamp now;  ///< One reading for the whole handler.

  Uuid new_id() const { return ids_.next(); }
  const Envelope& envelope() const noexcept { return envelope_; }
  const std::string& principal() const noexcept { return envelope_.principal; }
  /// The cause of what is emitted, and what a call to somebody else hands on.
  const TraceContext& span() const noexcept { return span_; }

 private:
  const Envelope& envelope_;
  IdSource& ids_;
  const TraceContext span_;
};

}  // namespace banyan::message
