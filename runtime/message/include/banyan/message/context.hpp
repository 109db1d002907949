#pragma once
#include "banyan/base/clock.hpp"
#include "banyan/base/uuid.hpp"
#include "banyan/message/envelope.hpp"

namespace banyan::message {

/// What a handler sees besides its message: the time, who asks, the trace. Valid during the call only.
class Context {
 public:
  Context(const Envelope& envelope, Timestamp now_, IdSource& ids)
      : now(now_), envelope_(envelope), ids_(ids) {}

  const Timestamp now;  ///< One reading for the whole handler.

  Uuid new_id() const { return ids_.next(); }
  const Envelope& envelope() const noexcept { return envelope_; }
  const std::string& principal() const noexcept { return envelope_.principal; }

 private:
  const Envelope& envelope_;
  IdSource& ids_;
};

}  // namespace banyan::message
