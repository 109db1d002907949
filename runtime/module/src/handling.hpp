#pragma once
#include "banyan/delivery/tx.hpp"
#include "banyan/module/instance.hpp"
#include "banyan/saga/engine.hpp"
#include "span.hpp"

namespace banyan::module {

using delivery::Emissions;
using message::Parcel;

/// The caller asked for something that can't be done: an answer, not a failure.
bool is_refusal(const Error& error);
/// Not the message's own fault: every other one would fail, too, so all of them wait.
bool concerns_everyone(const Error& error);

/// Runs a module's handlers inside a savepoint that the caller has opened: what they return, emit and set off
/// within the module itself. An error means that the savepoint has to be undone.
///
/// Threads: one, the writer's.
class Handling {
 public:
  Handling(const Module& module, const Environment& environment, saga::Engine& sagas,
           const delivery::StoreAge& age)
      : module_(module),
        environment_(environment),
        sagas_(sagas),
        age_(age),
        log_(environment.log.for_module(module.name())) {}

  /// `awaited`: what the handler was missing, if it says so with its refusal.
  Result<Payload> command(store::Transaction& transaction, Emissions& emissions, const Parcel& parcel,
                          const Prepared& prepared, const Span& span,
                          std::optional<delivery::Awaited>* awaited = nullptr) const;
  /// A message of another module's outbox: an event, a reply to a saga, or a durable command, whose answer is
  /// emitted.
  Status message(store::Transaction& transaction, Emissions& emissions, const Parcel& parcel,
                 const Prepared& prepared, const Span& span) const;
  /// A message that was handled before its producer was rewound: for the projections alone.
  Status replay(store::Transaction& transaction, Emissions& emissions, const Parcel& parcel,
                const Span& span) const;
  /// The answer to a durable command that was refused.
  Status refusal(store::Transaction& transaction, Emissions& emissions, const Parcel& parcel,
                 const Error& error, const Span& span) const;
  Status schedule(store::Transaction& transaction, Emissions& emissions, const Schedule& schedule) const;
  Status wake_saga(store::Transaction& transaction, Emissions& emissions, std::int64_t instance) const;

 private:
  Status events(store::Transaction& transaction, Emissions& emissions, std::size_t first) const;
  Status event(Tx& tx, const Emissions& emissions, const Parcel& parcel, const Context& context) const;
  Status project(Tx& tx, const Emissions& emissions, const Parcel& parcel, const Context& context) const;
  Context context_of(const Parcel& parcel, const Span& span) const;
  message::Envelope woken_by(std::string_view what) const;
  void report_refusal(const Parcel& reply) const;

  const Module& module_;
  const Environment& environment_;
  saga::Engine& sagas_;
  const delivery::StoreAge& age_;
  telemetry::Log log_;
};

}  // namespace banyan::module
