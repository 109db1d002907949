#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "banyan/delivery/tx.hpp"
#include "banyan/message/context.hpp"
#include "banyan/message/http_binding.hpp"
#include "banyan/message/reason.hpp"
#include "banyan/saga/saga.hpp"
#include "banyan/store/migration.hpp"
#include "banyan/store/transaction.hpp"

namespace banyan {

// The names that a module's author writes handlers with.
using delivery::Tx;
using message::Context;
using View = store::ReadTransaction;  ///< For a query's handler: one consistent state, read only.

}  // namespace banyan

namespace banyan::module {

using message::Descriptor;
using message::Message;
using message::Payload;

/// The outcome of a command's preparation, handed to its handler. Empty if the command has none.
using Prepared = std::shared_ptr<const void>;

struct CommandHandler {
  std::function<Result<Prepared>(const Payload&, const Context&)> prepare = nullptr;  ///< May be empty.
  std::function<Result<Payload>(Tx&, const Payload&, const Prepared&, const Context&)> run = nullptr;
};
using QueryHandler = std::function<Result<Payload>(View&, const Payload&, const Context&)>;
using EventHandler = std::function<Status(Tx&, const Payload&, const Context&)>;

/// Work that the module does by itself, again and again.
struct Schedule {
  std::string name;
  Duration every;
  std::function<Status(Tx&, const Context&)> work;
};

/// A number of the module's own that operators watch: so many rows of something.
struct Count {
  std::string name;
  std::function<std::int64_t(View&)> read;  ///< Quickly: at each scrape.
};

/// A module as data: its contract, its handlers, its tables. Nothing runs yet.
///
/// Handlers are plain functions. A command's or event's handler runs in one transaction of the module's own
/// database and nothing of it stays if it returns an error; a query's handler reads one consistent state.
/// They may run more than once for a message whose first attempt failed, never for one that succeeded. They
/// must not block on anything but the Tx; what has to call the outside world first does so in `prepares`. A
/// command's refusal that rests on a copy of another module's data names the event that it misses:
/// Tx::unless_told.
class Module {
 public:
  /// The messages of the module's contract: shop::<m>::messages().
  Module(std::string name, std::span<const Descriptor* const> messages)
      : name_(std::move(name)), messages_(messages) {}

  /// `handler`: Result<C::Answer>(Tx&, const C&, const Context&).
  template <Message C, class F>
  Module& handles(F handler) {
    return add_command(C::descriptor(),
                       [handler](Tx& tx, const Payload& command, const Prepared&, const Context& context) {
                         return to_payload<C>(handler(tx, command.as<C>(), context));
                       });
  }

  /// A command that needs something from outside first. `prepare`: Result<P>(const C&, const Context&) runs
  /// on a thread that may block, outside any transaction, and may run again for the same message, so what it
  /// does out there has to be idempotent by the message's id. An error of it makes the message fail, and a
  /// dead letter within seconds; that something is possible later is a P for the handler to note. `handler`:
  /// Result<C::Answer>(Tx&, const C&, const P&, const Context&).
  template <Message C, class P, class Prepare, class F>
  Module& handles_prepared(Prepare prepare, F handler) {
    add_command(C::descriptor(), [handler](Tx& tx, const Payload& command, const Prepared& prepared,
                                           const Context& context) {
      return to_payload<C>(handler(tx, command.as<C>(), *static_cast<const P*>(prepared.get()), context));
    });
    commands_.at(&C::descriptor()).prepare = [prepare](const Payload& command,
                                                       const Context& context) -> Result<Prepared> {
      Result<P> outcome = prepare(command.as<C>(), context);
      if (!outcome.ok()) return outcome.error();
      return Prepared{std::make_shared<const P>(std::move(outcome).value())};
    };
    return *this;
  }

  /// `handler`: Result<Q::Answer>(View&, const Q&, const Context&).
  template <Message Q, class F>
  Module& answers(F handler) {
    return add_query(Q::descriptor(), [handler](View& view, const Payload& query, const Context& context) {
      return to_payload<Q>(handler(view, query.as<Q>(), context));
    });
  }

  /// `handler`: Status(Tx&, const E&, const Context&). An event of the module's own is handled in the
  /// transaction that publishes it; another module's when it arrives.
  template <Message E, class F>
  Module& on(F handler) {
    return add_event(E::descriptor(), [handler](Tx& tx, const Payload& event, const Context& context) {
      return handler(tx, event.as<E>(), context);
    });
  }

  /// The same for a handler that only derives rows from events, so that it may run again for one that it has
  /// handled, when the module is rewound (Instance::rewind), and come to the same. It emits nothing: that
  /// would be emitted again. Errors instead: internal "module.projection_emits".
  template <Message E, class F>
  Module& projects(F handler) {
    return add_projection(E::descriptor(), [handler](Tx& tx, const Payload& event, const Context& context) {
      return handler(tx, event.as<E>(), context);
    });
  }

  /// `work`: Status(Tx&, const Context&). Durable: a run that fell due while the process was down is made up
  /// for, once.
  Module& every(Duration period, std::string name, std::function<Status(Tx&, const Context&)> work);
  /// `read` is shown as the metric banyan_module_rows{module, what=name}.
  Module& counts(std::string name, std::function<std::int64_t(View&)> read);
  Module& runs(std::shared_ptr<const saga::Definition> saga);
  /// `hurry` is called when the module is to stop, on the thread that stops it and while a preparation may
  /// run, which should then end soon: with an error its message stays, and comes again after the next start.
  Module& hurries(std::function<void()> hurry);
  Module& migrates(std::span<const store::Migration> migrations);
  Module& serves(const message::HttpBinding& http);

  const std::string& name() const noexcept { return name_; }
  std::span<const Descriptor* const> messages() const noexcept { return messages_; }
  const auto& commands() const noexcept { return commands_; }
  const auto& queries() const noexcept { return queries_; }
  const auto& events() const noexcept { return events_; }
  const auto& projections() const noexcept { return projections_; }
  const auto& schedules() const noexcept { return schedules_; }
  const auto& counts() const noexcept { return counts_; }
  const auto& sagas() const noexcept { return sagas_; }
  const std::function<void()>& hurry() const noexcept { return hurry_; }
  std::span<const store::Migration> migrations() const noexcept { return migrations_; }
  const message::HttpBinding* http() const noexcept { return http_; }

 private:
  template <Message C, class R>
  static Result<Payload> to_payload(Result<R> outcome) {
    static_assert(std::is_same_v<R, typename C::Answer>, "the contract declares another answer");
    if (!outcome.ok()) return outcome.error();
    return Payload::of<R>(std::move(outcome).value());
  }
  Module& add_command(
      const Descriptor& type,
      std::function<Result<Payload>(Tx&, const Payload&, const Prepared&, const Context&)> run);
  Module& add_query(const Descriptor& type, QueryHandler handler);
  Module& add_event(const Descriptor& type, EventHandler handler);
  Module& add_projection(const Descriptor& type, EventHandler handler);

  std::string name_;
  std::span<const Descriptor* const> messages_;
  std::map<const Descriptor*, CommandHandler> commands_;
  std::map<const Descriptor*, QueryHandler> queries_;
  std::map<const Descriptor*, std::vector<EventHandler>> events_;
  std::map<const Descriptor*, std::vector<EventHandler>> projections_;
  std::vector<Schedule> schedules_;
  std::vector<Count> counts_;
  std::vector<std::shared_ptr<const saga::Definition>> sagas_;
  std::function<void()> hurry_ = [] {};
  std::span<const store::Migration> migrations_;
  const message::HttpBinding* http_ = nullptr;
};

}  // namespace banyan::module
