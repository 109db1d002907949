#pragma once
#include "banyan/base/moment.hpp"
#include "banyan/base/uuid.hpp"
#include "banyan/message/envelope.hpp"

namespace banyan::message {

/// A handler's view besides its message: the time, who asks, the trace. Valid during the call only.
class Context {
 public:
  Context(const Envelope& envelope, const Moment& moment, IdSource& ids)
      : Context(envelope, moment, ids, envelope.trace) {}
  /// `span`: of the handling, where its caller makes one.
  Context(const Envelope& envelope, const Moment& moment, IdSource& ids, const TraceContext& span)
      : now(moment.utc),
        age(moment.age),
        instant(moment.instant),
        envelope_(envelope),
        ids_(ids),
        span_(span) {}

  // One reading for the whole handler.
  const Timestamp now;    ///< The time of day, which may be set back: for what is written, shown or sent.
  const Age age;          ///< Of the module's store: for what a table keeps and has to last.
  const Instant instant;  ///< For what waits in this process.

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
