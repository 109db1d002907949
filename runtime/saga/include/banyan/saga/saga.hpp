#pragma once
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "banyan/delivery/tx.hpp"

namespace banyan::saga {

using delivery::Tx;
using message::Context;
using message::Message;
using message::Payload;

/// One step of a saga without its types: what the engine follows.
struct Step {
  std::string name;
  std::function<Payload(const void* state)> command = nullptr;
  const message::Descriptor* absorbs = nullptr;                               ///< The type of that reply.
  std::function<Status(void* state, const Payload& reply)> absorb = nullptr;  ///< May be empty.
  std::function<Payload(const void* state)> undo = nullptr;  ///< Empty: see irreversible_because.
  std::string irreversible_because = {};
  Duration within = std::chrono::seconds{30};  ///< Without a reply by then the command is sent again.
  int attempts_max = 4;                        ///< Sends of the command; then the saga is compensated.
};

/// A saga without its types. Built by Saga<State>, never by hand.
struct Definition {
  std::string name;
  const message::Descriptor* state = nullptr;
  const message::Descriptor* starts_on = nullptr;
  std::function<Uuid(const Payload& event)> id = nullptr;
  std::function<std::shared_ptr<void>(const Payload& event)> start = nullptr;
  std::function<std::shared_ptr<void>(const void* state)> copy = nullptr;
  std::vector<Step> steps = {};
  std::size_t pivot = std::numeric_limits<std::size_t>::max();  ///< So many steps can be taken back at most.
  std::function<Status(Tx&, const void* state, const Context&)> completes = nullptr;
  std::function<Status(Tx&, const void* state, const Error& reason, const Context&)> fails = nullptr;
  Duration deadline = std::chrono::minutes{10};  ///< A saga that runs longer is shown as stuck.
};

/// A saga as a value: a sequence of durable commands to other modules, each with the command that takes it
/// back.
///
///   Saga<Checkout>{"checkout"}
///       .starts_on<OrderPlaced>(&order_id_of, &checkout_of)
///       .step("reserve stock").sends<ReserveStock>(...).absorbs<StockReserved>(...).undo<ReleaseStock>(...)
///       .step("authorise payment").sends<AuthorisePayment>(...).within(30s).undo<VoidPayment>(...)
///       .completes(confirm_order).fails(cancel_order);
///
/// When a step is refused, or is not answered after its last attempt, the steps before it (and it too, if its
/// outcome is unknown) are taken back in reverse order, and then `fails` runs; behind a pivot the saga only
/// goes forward. Commands may arrive more than once and must be idempotent by what they carry; so must the
/// commands that take them back, also when there is nothing to take back. Those have the key of the step's
/// command, whatever their own is: they are handled after it.
template <Message State>
class Saga {
 public:
  explicit Saga(std::string name) {
    definition_.name = std::move(name), definition_.state = &State::descriptor();
  }

  /// Every event of type E starts an instance, in the transaction that publishes it. `id` names it: a second
  /// event with the same id starts nothing.
  template <Message E, class Id, class Start>
  Saga& starts_on(Id id, Start start) {
    definition_.starts_on = &E::descriptor();
    definition_.id = [id](const Payload& event) -> Uuid { return id(event.as<E>()); };
    definition_.start = [start](const Payload& event) -> std::shared_ptr<void> {
      return std::make_shared<State>(start(event.as<E>()));
    };
    definition_.copy = [](const void* state) -> std::shared_ptr<void> {
      return std::make_shared<State>(*static_cast<const State*>(state));
    };
    return *this;
  }

  Saga& step(std::string name) {
    definition_.steps.push_back(Step{.name = std::move(name)});
    return *this;
  }

  template <Message C, class F>
  Saga& sends(F make) {
    last().command = [make](const void* state) {
      return Payload::of<C>(make(*static_cast<const State*>(state)));
    };
    return *this;
  }

  /// Takes what the reply says into the state. `absorb`: void or Status(State&, const R&); an error ends the
  /// saga as a refusal would, with this step taken back, too.
  template <Message R, class F>
  Saga& absorbs(F absorb) {
    last().absorbs = &R::descriptor();
    last().absorb = [absorb](void* state, const Payload& reply) -> Status {
      if constexpr (std::is_void_v<std::invoke_result_t<F, State&, const R&>>) {
        absorb(*static_cast<State*>(state), reply.as<R>());
        return success();
      } else {
        return absorb(*static_cast<State*>(state), reply.as<R>());
      }
    };
    return *this;
  }

  template <Message C, class F>
  Saga& undo(F make) {
    last().undo = [make](const void* state) {
      return Payload::of<C>(make(*static_cast<const State*>(state)));
    };
    return *this;
  }

  Saga& irreversible(std::string why) { return last().irreversible_because = std::move(why), *this; }
  /// The point of no return: this step is asked for until it is done or refused, the steps behind it until
  /// they are done, whatever they answer meanwhile and whoever wants to abort. All of them are irreversible.
  Saga& pivot() { return definition_.pivot = definition_.steps.size() - 1, *this; }
  Saga& within(Duration time) { return last().within = time, *this; }
  Saga& attempts(int most) { return last().attempts_max = most, *this; }
  Saga& deadline(Duration time) { return definition_.deadline = time, *this; }

  /// Runs in the transaction of the last step's reply.
  template <class F>
  Saga& completes(F work) {
    definition_.completes = [work](Tx& tx, const void* state, const Context& context) {
      return work(tx, *static_cast<const State*>(state), context);
    };
    return *this;
  }

  /// Runs in the transaction of the last compensation's reply, or of the refusal if there was nothing to take
  /// back.
  template <class F>
  Saga& fails(F work) {
    definition_.fails = [work](Tx& tx, const void* state, const Error& reason, const Context& context) {
      return work(tx, *static_cast<const State*>(state), reason, context);
    };
    return *this;
  }

  /// The finished value. A step without command, or with neither compensation nor reason, aborts here: at
  /// start-up, not in the middle of an order.
  std::shared_ptr<const Definition> build() const;

 private:
  Step& last() { return BANYAN_ASSERT(!definition_.steps.empty()), definition_.steps.back(); }
  Definition definition_;
};

/// Aborts if `definition` is not complete.
std::shared_ptr<const Definition> checked(Definition definition);

template <Message State>
std::shared_ptr<const Definition> Saga<State>::build() const {
  return checked(definition_);
}

}  // namespace banyan::saga
