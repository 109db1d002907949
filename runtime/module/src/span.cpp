#include "span.hpp"

#include "banyan/message/undecoded.hpp"

namespace banyan::module {
namespace {

message::TraceContext below(const message::TraceContext& parent, Random& random) {
  return parent.is_valid() ? parent.child(random) : message::TraceContext::start(random);
}

std::string parent_of(const message::TraceContext& parent) {
  return parent.is_valid() ? parent.span_id_hex() : std::string{};
}

}  // namespace

Span::Span(const message::Parcel& parcel, const Environment& environment)
    : parcel_(parcel),
      clock_(environment.clock),
      context_(below(parcel.envelope.trace, environment.random)),
      began_(environment.clock.now()) {}

Duration Span::end(const telemetry::Log& log, const Status& outcome) const {
  const Duration took = clock_.now() - began_;
  if (!log.writes(telemetry::Level::debug)) return took;
  const message::Envelope& envelope = parcel_.envelope;
  log.with({context_.trace_id, context_.span_id})
      .debug("handled", {{"parent_span_id", parent_of(envelope.trace)},
                         {"type", message::type_name(parcel_.payload)},
                         {"from", envelope.source},
                         {"message_id", envelope.id},
                         {"outcome", outcome.ok() ? std::string_view{"ok"} : outcome.error().reason()},
                         {"duration_ms", took}});
  return took;
}

}  // namespace banyan::module
