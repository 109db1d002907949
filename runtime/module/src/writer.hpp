#pragma once
#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ask.hpp"
#include "banyan/delivery/answers.hpp"
#include "banyan/delivery/inbox.hpp"
#include "banyan/delivery/outbox.hpp"
#include "banyan/delivery/parked.hpp"
#include "banyan/module/instance.hpp"
#include "banyan/store/database.hpp"
#include "consumer_telemetry.hpp"
#include "expiries.hpp"
#include "group.hpp"
#include "handling.hpp"
#include "held.hpp"
#include "ownership.hpp"
#include "restarts.hpp"
#include "store_state.hpp"

namespace banyan::module {

class RelayActor;

/// A batch with what its commands' preparations came to, one per delivery; empty if the module prepares
/// nothing.
struct PreparedBatch {
  delivery::Batch batch;
  std::vector<Result<Prepared>> prepared = {};
};

/// The only one who writes a module's store. Whatever waits in its mailbox when it wakes up becomes one
/// transaction, each command and message in a savepoint of its own; after the one fsync, answers, outbox and
/// confirmations leave.
///
/// Threads: try_command, deliver, and those under "Anyone" are safe; the rest is for its own actor.
class Writer {
 public:
  static Result<std::unique_ptr<Writer>> open(const Module& module, const Environment& environment,
                                              const InstanceOptions& options, StoreState& state);
  ~Writer();

  // Before start
  void listens_to(const std::string& producer, delivery::Publisher& from) { producers_[producer] = &from; }
  const delivery::Position& log_head() const noexcept { return outbox_.head(); }
  const delivery::StoreAge& age() const noexcept { return age_; }

  using PrepareRetry = std::function<void(delivery::ParkedMessage, message::ParcelPtr)>;
  /// `prepare_retry` leads back to retry().
  void start(RelayActor& relay, PrepareRetry prepare_retry);
  void close();
  /// After close(), when nobody reads any more. Errors: those of store::Database::close().
  Status close_store();

  // Anyone
  /// False if the mailbox is full; then the ask has been answered.
  bool try_command(Ask ask, Result<Prepared> prepared);
  void deliver(PreparedBatch batch);
  void retry(delivery::ParkedMessage message, message::ParcelPtr parcel, Result<Prepared> prepared);
  /// False if the writer is closed.
  template <class F>
  bool post(F&& work) {
    return address_.post(std::forward<F>(work));
  }
  void describe(Health& health) const;
  /// Whether this process may still work on the store.
  Status right_to_work() const noexcept { return ownership_.state(); }
  void yield() noexcept { ownership_.yield(); }

  store::Database& database() noexcept { return *database_; }
  Status rewind(const std::string& producer, const delivery::Position& to);
  Status resolve_parked(const std::string& producer, std::uint64_t seq, Instance::ParkedAction action);

 private:
  Writer(const Module& module, const Environment& environment, const InstanceOptions& options,
         StoreState& state, std::unique_ptr<store::Database> database);
  void load(store::Transaction& transaction);
  void count_start();

  // writer.cpp: commands and the group commit
  void on_command(Ask ask, const Result<Prepared>& prepared);
  void decide(Undecided request);
  void decide_again(const message::Parcel& news);
  Result<Payload> carry_out(const Ask& ask, const Prepared& prepared,
                            std::optional<delivery::Awaited>& awaited);
  Status open_group();
  Status attempt(const std::function<Status(store::Transaction&)>& work);
  Status record(const std::function<Status(store::Transaction&)>& work);
  void grown();
  Status commit();
  Status seal(std::vector<delivery::Delivery>& rows);
  void hand_over(Group group, std::vector<delivery::Delivery> rows, const std::vector<std::string>& moved);
  void empty_log();
  void probe();
  void abandon(const Error& error);

  // consume.cpp: other modules' messages
  void take_messages();
  bool on_batch(PreparedBatch& arrived);
  bool commands_are_due() const;
  bool consume(const PreparedBatch& batch, std::size_t index);
  bool is_suspect(const std::string& producer) const;
  bool suspect(const delivery::Batch& from, const delivery::Delivery& delivery);
  Status handle(const message::Parcel& parcel, const Result<Prepared>& prepared, bool is_replay);
  Status check_rewind(store::Transaction& transaction, const std::string& producer,
                      const delivery::Position& to) const;
  bool is_retrying(const delivery::ParkedMessage& message);
  void on_retry(const delivery::ParkedMessage& message, const message::Parcel& parcel,
                const Result<Prepared>& prepared);
  void report(const FailedMessage& message, const Descriptor& type, const Error& cause, bool is_dead);
  void pause(const std::string& producer);
  void ask_again(const std::string& producer);
  void resume(const std::string& producer);

  // wake.cpp: what is due
  void arm();
  void on_wake(Instant due);
  void retry_parked(Instant now);
  const Descriptor* find_type(const delivery::ParkedMessage& message) const;
  void bury(store::Transaction& transaction, const delivery::ParkedMessage& message, const Error& cause);
  void fire_timers(Instant now);
  void run_schedules(Instant now);
  void wake_sagas(Instant now);
  void resume_paused(Instant now);
  void answer_overdue(Instant now);
  Error last_word(const delivery::Awaited& awaited, Error refusal) const;
  void maintain(Instant now);
  Instant next_due() const;
  void look_at_parked(store::ReadTransaction& transaction);
  void expect_timer(std::optional<Timestamp> due);

  const Module& module_;
  const Environment& environment_;
  const InstanceOptions& options_;
  StoreState& state_;
  std::unique_ptr<store::Database> database_;
  actor::Address address_;
  RelayActor* relay_ = nullptr;
  PrepareRetry prepare_retry_ = nullptr;

  delivery::StoreAge age_;
  delivery::Outbox outbox_;
  delivery::Inbox inbox_;
  delivery::Answers answers_;
  delivery::Parked parked_;
  saga::Engine sagas_;
  Handling handling_;
  ConsumerTelemetry telemetry_;
  Expiries expiries_;
  Restarts restarts_;
  Ownership ownership_;
  std::set<std::pair<std::string, std::uint64_t>>
      under_trial_;                                   // (producer, seq) of attempts that were counted
  std::map<std::string, std::size_t> suspects_left_;  // of a producer, still to be tried alone, each one
  Group group_;
  Held held_;
  std::deque<PreparedBatch> arrived_;  // for each of them one take_messages() is in the mailbox
  bool is_loaded_ = false;             // what is kept here of the store is what the store holds

  std::map<std::string, delivery::Publisher*> producers_;
  std::map<std::string, Instant> paused_;  // producer → when to ask it again
  std::set<std::string> asked_again_;      // producers, about a gap, since the last maintenance
  std::vector<std::pair<Instant, const Schedule*>> schedules_;
  std::optional<Timestamp> timer_due_;  // of the earliest delayed message
  std::optional<Instant> timer_wake_;   // when that is, as the clock was when it was last looked at
  std::optional<Instant> parked_due_;
  Instant maintenance_due_{};
  Instant rest_until_{};             // after a failure nothing is woken up earlier
  Instant armed_for_ = no_deadline;  // the one wake-up that counts

  std::atomic<std::size_t> commands_waiting_ = 0;
  std::atomic<std::size_t> parked_count_ = 0;
  std::atomic<std::size_t> dead_count_ = 0;
};

}  // namespace banyan::module
