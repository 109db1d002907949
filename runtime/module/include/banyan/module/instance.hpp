#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "banyan/actor/system.hpp"
#include "banyan/base/fault.hpp"
#include "banyan/delivery/parked.hpp"
#include "banyan/delivery/relay.hpp"
#include "banyan/message/registry.hpp"
#include "banyan/module/module.hpp"
#include "banyan/module/participant.hpp"
#include "banyan/resilience/retry.hpp"
#include "banyan/store/options.hpp"
#include "banyan/telemetry/log.hpp"
#include "banyan/telemetry/metrics.hpp"

namespace banyan::module {

/// The services that a process lends to each of its modules. Everything outlives the instances.
struct Environment {
  actor::System& actors;
  const Clock& clock;
  Random& random;
  IdSource& ids;
  Faults& faults;
  const message::Registry& registry;
  telemetry::Registry& metrics;
  telemetry::Log log;
};

struct InstanceOptions {
  store::Options store = {};  ///< Its directory is the module's alone.
  delivery::RelayOptions relay = {};
  std::size_t mailbox_max = 16'384;          ///< Waiting requests; more are refused with resource_exhausted.
  std::size_t group_max = 2048;              ///< Commands and messages that one commit takes at the most,
  std::size_t group_bytes_max = 8 << 20;     ///< and of what they emit; the one that reaches it is the last.
  std::size_t readers = 2;                   ///< Reading connections, each with an actor of its own.
  std::size_t parked_max = 10'000;           ///< Parked messages; above, the module stops listening.
  resilience::RetryPolicy retry = {};        ///< Of messages that fail.
  Duration pause = std::chrono::seconds{1};  ///< After a failure that is not the message's own.
  Duration retention = std::chrono::hours{24};       ///< Rows that everyone has stay at least this long.
  Duration answers_kept = std::chrono::hours{24};    ///< How long an idempotency key is remembered.
  std::size_t wal_checkpoint_bytes = 8 << 20;        ///< The write-ahead log is emptied above this size.
  std::size_t wal_max_bytes = std::size_t{1} << 30;  ///< One that can't be emptied: above, no commands.
  std::size_t held_max = 1024;  ///< Requests that wait for another module's event (Tx::unless_told),
  Duration held_time = std::chrono::seconds{1};  ///< so long, and half of its caller's time, at the most.
};

/// Durable commands that came when their time was over.
struct Expired {
  std::size_t commands = 0;
  Timestamp since{};  ///< The first of them.
};

/// How a module does, read on demand.
struct Health {
  Status state = success();       ///< Or why it does not take commands, and what to do.
  std::uint64_t owner_epoch = 0;  ///< How many times the store was opened.
  std::size_t writer_depth = 0;   ///< Waiting in the writer's mailbox.
  std::size_t reader_depth = 0;
  std::size_t held = 0;  ///< Requests that wait for another module's event.
  std::uint64_t outbox_head = 0;
  std::uint64_t outbox_confirmed = 0;  ///< By every subscriber.
  std::size_t parked = 0;
  std::size_t dead = 0;
  std::optional<Expired> expired = {};                  ///< As long as the last one is not five minutes ago.
  std::vector<Error> troubles = {};                     ///< Further failures of the store, until it succeeds.
  std::vector<delivery::LinkState> stopped_links = {};  ///< To these subscribers nothing goes any more.
  std::vector<delivery::LinkState> waiting_links = {};  ///< To these nothing goes until the log can be read.
};

/// A module that runs: its store, and the group of actors around it.
///
///   endpoint   takes commands and queries            (on the caller's thread: checks, then posts)
///   writer     the only writer; group commit         (own thread)
///   readers    queries, each from one snapshot       (pooled)
///   relay      hands the outbox to the subscribers   (pooled)
///   preparer   what has to call the outside first    (own thread, only if the module needs one)
///
/// Threads: open, feeds, listens_to, start, stop and closed belong to one; everything else is safe. All
/// modules of a process are opened and linked before the first one starts, and stopped before the first one
/// ends.
class Instance final : public Participant {
 public:
  /// Opens the store and migrates it. Errors: those of store::Database::open. The module is copied.
  static Result<std::unique_ptr<Instance>> open(const Module& module, const Environment& environment,
                                                InstanceOptions options);
  ~Instance() override;

  const Module& definition() const noexcept;
  message::Endpoint& endpoint() noexcept override;
  delivery::Subscriber& subscriber() noexcept override;
  delivery::Publisher& publisher() noexcept override;
  void feeds(delivery::Interest interest, delivery::Subscriber& to) override;
  void listens_to(const std::string& producer, delivery::Publisher& from) override;

  /// Starts to take requests, to relay, to listen and to keep time.
  void start();
  /// Finishes what is under way and closes the store. Nothing is taken any more.
  void stop();
  /// The outcome of the stop, which the log tells too. Errors: those of store::Database::close(); each answer
  /// is durable all the same.
  const Status& closed() const noexcept;

  /// Another process serves this module: from now on nothing is answered but unavailable "module.yielded",
  /// and nothing is committed, not even what is under way. For good.
  void yield() noexcept;

  Health health() const;
  /// Now, as the module's store has it.
  Moment moment() const;
  /// The epoch of the store's log: which store this is, wherever it lies. A copy has the same.
  const Uuid& log() const noexcept;

  enum class ParkedAction : std::uint8_t { retry, discard };
  /// Errors: not_found "delivery.not_parked"; conflict "delivery.not_dead" (only a dead letter is retried or
  /// discarded); resource_exhausted "module.not_taken" (closing); those of the commit.
  void resolve_parked(std::string producer, std::uint64_t seq, ParkedAction action,
                      std::function<void(Status)> done);
  /// Has what follows `to` in the log of `producer`, a position that the producer has told (position_at),
  /// come again, for the module's projections; everything else that was handled is not handled again.
  /// Nothing changes on an error: not_found "module.unknown_producer"; rejected "module.not_rewindable" (no
  /// projection of its events); conflict "delivery.other_log", "delivery.still_parked" (messages of it are
  /// parked: retry or discard them first); invalid_argument "delivery.position_ahead" (it never was there);
  /// resource_exhausted "module.not_taken"; those of the commit.
  void rewind(std::string producer, const delivery::Position& to, std::function<void(Status)> done);
  /// Runs `read` on a reader's snapshot. Errors: those of store::Failure; resource_exhausted
  /// "module.not_taken".
  void inspect(std::function<void(View&)> read, std::function<void(Status)> done);

 private:
  struct Parts;
  explicit Instance(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// The interest of `subscriber` in `producer`: the events that it handles, besides messages addressed to
/// it.
delivery::Interest interest_of(const Module& subscriber, const Module& producer);

}  // namespace banyan::module
