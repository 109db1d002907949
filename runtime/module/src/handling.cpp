#include "handling.hpp"

#include "banyan/message/refusal.hpp"

namespace banyan::module {
namespace {

delivery::Addressing answer_to(const message::Envelope& command) {
  return {.destination = command.source, .reply_to = command.reply_to, .key = command.key};
}

}  // namespace

bool is_refusal(const Error& error) {
  switch (error.code()) {
    case Errc::invalid_argument:
    case Errc::not_found:
    case Errc::conflict:
    case Errc::already_exists:
    case Errc::rejected:
    case Errc::deadline_exceeded:
      return true;
    case Errc::resource_exhausted:
    case Errc::unavailable:
    case Errc::data_loss:
    case Errc::internal:
      return false;
  }
  return false;
}

bool concerns_everyone(const Error& error) {
  return error.code() == Errc::resource_exhausted || error.code() == Errc::unavailable;
}

Result<Payload> Handling::command(store::Transaction& transaction, Emissions& emissions, const Parcel& parcel,
                                  const Prepared& prepared, const Span& span,
                                  std::optional<delivery::Awaited>* awaited) const {
  const auto handler = module_.commands().find(&parcel.payload.type());
  if (handler == module_.commands().end()) {
    return Error{Errc::not_found, "message.not_handled", std::string{parcel.payload.type().type}};
  }
  const Context context = context_of(parcel, span);
  Tx tx{transaction, emissions, module_.name(), context, awaited};
  const std::size_t first = emissions.size();
  auto answer = handler->second.run(tx, parcel.payload, prepared, context);
  if (!answer.ok()) return answer;
  if (const Status status = events(transaction, emissions, first); !status.ok()) return status.error();
  return answer;
}

Status Handling::message(store::Transaction& transaction, Emissions& emissions, const Parcel& parcel,
                         const Prepared& prepared, const Span& span) const {
  const Context context = context_of(parcel, span);
  Tx tx{transaction, emissions, module_.name(), context};
  const std::size_t first = emissions.size();
  switch (parcel.payload.type().kind) {
    case message::Kind::command: {
      const auto answer = command(transaction, emissions, parcel, prepared, span);
      if (!answer.ok()) return answer.error();
      if (!parcel.envelope.reply_to.empty()) tx.emit(answer.value(), answer_to(parcel.envelope));
      return success();
    }
    case message::Kind::reply: {
      report_refusal(parcel);
      const Status status = sagas_.reply(tx, parcel.envelope.reply_to, parcel.payload, context);
      return status.ok() ? events(transaction, emissions, first) : status;
    }
    case message::Kind::event: {
      const Status status = event(tx, emissions, parcel, context);
      return status.ok() ? events(transaction, emissions, first) : status;
    }
    case message::Kind::query:
    case message::Kind::state:
      break;
  }
  return Error{Errc::invalid_argument, "message.not_handled", std::string{parcel.payload.type().type}};
}

Status Handling::replay(store::Transaction& transaction, Emissions& emissions, const Parcel& parcel,
                        const Span& span) const {
  const Context context = context_of(parcel, span);
  Tx tx{transaction, emissions, module_.name(), context};
  return project(tx, emissions, parcel, context);
}

Status Handling::refusal(store::Transaction& transaction, Emissions& emissions, const Parcel& parcel,
                         const Error& error, const Span& span) const {
  const Context context = context_of(parcel, span);
  Tx tx{transaction, emissions, module_.name(), context};
  tx.emit(Payload::of(message::Refusal::from(error)), answer_to(parcel.envelope));
  return success();
}

Status Handling::schedule(store::Transaction& transaction, Emissions& emissions,
                          const Schedule& schedule) const {
  const message::Envelope envelope = woken_by(schedule.name);
  const Context context{envelope, age_.now(environment_.clock), environment_.ids};
  Tx tx{transaction, emissions, module_.name(), context};
  const std::size_t first = emissions.size();
  const Status status = schedule.work(tx, context);
  return status.ok() ? events(transaction, emissions, first) : status;
}

Status Handling::wake_saga(store::Transaction& transaction, Emissions& emissions,
                           std::int64_t instance) const {
  const message::Envelope envelope = woken_by("saga");
  const Context context{envelope, age_.now(environment_.clock), environment_.ids};
  Tx tx{transaction, emissions, module_.name(), context};
  const std::size_t first = emissions.size();
  const Status status = sagas_.wake(tx, instance, context);
  return status.ok() ? events(transaction, emissions, first) : status;
}

Context Handling::context_of(const Parcel& parcel, const Span& span) const {
  return {parcel.envelope, age_.now(environment_.clock), environment_.ids, span.context()};
}

// The module's own events have their effects here and now; what those publish, too. The loop ends when an
// event publishes nothing more; that handlers go round in circles would be found by the first test that runs
// them.
Status Handling::events(store::Transaction& transaction, Emissions& emissions, std::size_t first) const {
  for (std::size_t i = first; i < emissions.size(); ++i) {
    const message::ParcelPtr parcel = emissions[i].parcel;
    const message::Descriptor& type = parcel->payload.type();
    if (type.kind != message::Kind::event) continue;
    const Context context{parcel->envelope, age_.now(environment_.clock), environment_.ids};
    Tx tx{transaction, emissions, module_.name(), context};
    if (const Status status = event(tx, emissions, *parcel, context); !status.ok()) return status;
    if (!sagas_.starts_on(type)) continue;
    if (const Status status = sagas_.start(tx, parcel->payload, context); !status.ok()) return status;
  }
  return success();
}

Status Handling::event(Tx& tx, const Emissions& emissions, const Parcel& parcel,
                       const Context& context) const {
  if (const auto handlers = module_.events().find(&parcel.payload.type());
      handlers != module_.events().end()) {
    for (const EventHandler& handler : handlers->second) {
      if (const Status status = handler(tx, parcel.payload, context); !status.ok()) return status;
    }
  }
  return project(tx, emissions, parcel, context);
}

Status Handling::project(Tx& tx, const Emissions& emissions, const Parcel& parcel,
                         const Context& context) const {
  const auto handlers = module_.projections().find(&parcel.payload.type());
  if (handlers == module_.projections().end()) return success();
  const std::size_t emitted = emissions.size();
  for (const EventHandler& handler : handlers->second) {
    if (const Status status = handler(tx, parcel.payload, context); !status.ok()) return status;
  }
  if (emissions.size() == emitted) return success();
  return Error{Errc::internal, "module.projection_emits", std::string{parcel.payload.type().type}};
}

// An undo that is refused leaves something behind; that a step is refused is business.
void Handling::report_refusal(const Parcel& reply) const {
  if (&reply.payload.type() != &message::Refusal::descriptor()) return;
  const message::Envelope& envelope = reply.envelope;
  const bool is_undo = envelope.reply_to.ends_with("/undo");
  const telemetry::Log log = log_.with({envelope.trace.trace_id, envelope.trace.span_id});
  const auto write = is_undo ? &telemetry::Log::warning : &telemetry::Log::info;
  (log.*write)(is_undo ? "saga undo refused" : "saga step refused",
               {{"by", envelope.source},
                {"question", envelope.reply_to},
                {"cause", reply.payload.as<message::Refusal>().to_error()}});
}

// Nobody has sent a message: the beginning of a trace.
message::Envelope Handling::woken_by(std::string_view what) const {
  message::Envelope envelope;
  envelope.id = environment_.ids.next();
  envelope.source = module_.name();
  envelope.time = environment_.clock.utc();
  envelope.trace = message::TraceContext::start(environment_.random);
  log_.with({envelope.trace.trace_id, envelope.trace.span_id})
      .debug("woken", {{"parent_span_id", ""}, {"by", what}});
  return envelope;
}

}  // namespace banyan::module
