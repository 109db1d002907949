#pragma once
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "banyan/delivery/age.hpp"
#include "banyan/saga/saga.hpp"
#include "banyan/store/migration.hpp"

namespace banyan::saga {

/// The runtime's tables for sagas.
std::span<const store::Migration> migrations();

/// Runs the instances of one module's sagas. Every function works inside the caller's transaction, so an
/// instance moves with what it did. Functions that take a transaction may throw store::Failure.
///
/// Threads: one, the writer's.
class Engine {
 public:
  /// By `age` of the store all times of instances are kept; it outlives the engine.
  Engine(std::vector<std::shared_ptr<const Definition>> definitions, const delivery::StoreAge& age)
      : definitions_(std::move(definitions)), age_(age) {}

  /// Finds the instances that are under way, so that they are woken in time.
  void open(store::ReadTransaction& transaction);

  bool starts_on(const message::Descriptor& event) const;
  Status start(Tx& tx, const Payload& event, const Context& context);

  /// A reply with the `reply_to` of a saga's command. A reply to a question that is no longer open is noted
  /// in the history and changes nothing. Errors: what `completes` or `fails` returned; then nothing moved.
  Status reply(Tx& tx, std::string_view reply_to, const Payload& reply, const Context& context);

  /// When the next instance wants to be woken.
  std::optional<Instant> next_wake() const;
  /// Takes out an instance whose time has come, to call wake() for it in a savepoint of its own.
  std::optional<std::int64_t> take_due(Instant now);
  Status wake(Tx& tx, std::int64_t instance, const Context& context);

  /// A place in what the open transaction has done, to go back to.
  std::size_t mark() const noexcept { return touched_.size(); }
  /// A savepoint, or the whole transaction, was undone: the instances that moved since `mark` (0: in all of
  /// it) are read again, and woken at `look_again_at` in case that their own wake is gone.
  void rolled_back(std::size_t mark, Instant look_again_at);
  void committed() { touched_.clear(); }

 private:
  struct Instance {
    std::int64_t row = 0;
    const Definition* definition = nullptr;
    bool compensates = false;
    std::size_t step = 0;
    int attempt = 1;
    std::shared_ptr<void> state = nullptr;
    std::string reason = {};  // why it compensates
    Age wake_at{};
    const Step& current() const { return definition->steps[step]; }
    /// Whether the saga may go back when that takes back its first `count` steps.
    bool can_take_back(std::size_t count) const { return count <= definition->pivot; }
  };

  Instance* find(store::ReadTransaction& transaction, std::int64_t row);
  std::optional<Instance> read(store::ReadTransaction& transaction, std::int64_t row);
  const Definition* definition(std::string_view name) const;

  Status answered(Tx& tx, Instance& instance, const Payload& reply, const Context& context);
  Status not_taken(Tx& tx, Instance& instance, std::shared_ptr<void> state, const Error& error,
                   const Context& context);
  Status refused(Tx& tx, Instance& instance, const Error& error, const Context& context);
  Status advance(Tx& tx, Instance& instance, const Context& context);
  Status compensate(Tx& tx, Instance& instance, std::size_t steps, const Context& context);
  Status finish(Tx& tx, Instance& instance, const Context& context);
  Status give_up(Tx& tx, Instance& instance, std::size_t steps, const Error& reason, const Context& context);
  void send(Tx& tx, const Instance& instance);
  bool save(Tx& tx, const Instance& instance, bool state_changed, bool may_stop);
  void note(Tx& tx, const Instance& instance, std::string_view step, std::string_view outcome,
            std::string_view detail, Timestamp at);
  Instance& keep(Instance instance);
  void arm(Instance& instance, Age at);

  std::vector<std::shared_ptr<const Definition>> definitions_;
  const delivery::StoreAge& age_;
  std::unordered_map<std::int64_t, Instance> instances_;  // a cache of running ones
  std::vector<std::int64_t> touched_;                     // looked at in the open transaction
  std::set<std::pair<Age, std::int64_t>> wakes_;          // (when, row)
};

}  // namespace banyan::saga
