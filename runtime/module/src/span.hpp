#pragma once
#include "banyan/module/instance.hpp"

namespace banyan::module {

/// A module's work for one message: a part of the message's trace, below its sender's. A message emitted
/// meanwhile has this as its cause. A message that is handled again is another span.
///
/// Threads: one. Lifetime: refers to the parcel and the environment.
class Span {
 public:
  Span(const message::Parcel& parcel, const Environment& environment);

  const message::TraceContext& context() const noexcept { return context_; }

  /// How long it took; written to the log at level debug, with the sender's span as parent: the lines of all
  /// processes together are the tree of a trace.
  Duration end(const telemetry::Log& log, const Status& outcome) const;

 private:
  const message::Parcel& parcel_;
  const Clock& clock_;
  const message::TraceContext context_;
  const Instant began_;
};

}  // namespace banyan::module
