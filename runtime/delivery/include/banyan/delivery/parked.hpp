#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "banyan/delivery/age.hpp"
#include "banyan/delivery/link.hpp"
#include "banyan/message/registry.hpp"
#include "banyan/store/transaction.hpp"

namespace banyan::delivery {

/// The time of a dead letter's next attempt.
inline constexpr Age never = Age::max();

/// The state of a parked message. Stored: values are never renumbered.
enum class ParkedState : std::uint8_t {
  retrying = 1,  ///< Failed; tried again at its time.
  waiting = 2,   ///< Did not fail, but an earlier message of its key is parked.
  dead = 3,      ///< Failed for the last time: a dead letter, until somebody retries or discards it.
};
std::string_view to_string(ParkedState state) noexcept;

/// A message that could not be handled when its turn came, as kept in the subscriber's own database.
struct ParkedMessage {
  std::string producer = {};
  std::uint64_t seq = 0;
  std::string type = {};
  std::string key = {};
  ParkedState state = ParkedState::retrying;
  int attempts = 0;
  Age next_attempt{};
  Timestamp parked_at{};
  Age age{};                 ///< Of the store, when it was kept: the headers are of then.
  std::string cause = {};    ///< "reason: detail" of the last failure.
  std::string headers = {};  ///< message::to_headers
  std::string payload = {};  ///< JSON; as it came if it could not be decoded (message::Undecoded).
  bool is_suspect = false;   ///< An attempt at it has begun and not ended: it may have ended the process.
};

/// The messages of one module that failed, and those behind them: a failing message parks its key, so order
/// is kept per key while every other key goes on. A message without a key parks alone.
///
/// Threads: one, the writer's. Every function that takes a transaction may throw store::Failure.
class Parked {
 public:
  /// Reads what there is, and forgets what it knew: at the start, and after a transaction was lost.
  void open(store::ReadTransaction& transaction);

  bool is_parked(const std::string& producer, const message::Parcel& parcel) const;
  std::size_t size() const noexcept { return count_; }
  std::size_t dead_count() const noexcept { return dead_; }

  /// Adds a message whose first attempt failed (`cause`), or that waits behind its key (no cause).
  void park(store::Transaction& transaction, const std::string& producer, const Delivery& delivery,
            const std::optional<Error>& cause, const Moment& now, Age next_attempt);

  /// Adds a message that was not tried, but may be what ends the process.
  void suspect(store::Transaction& transaction, const std::string& producer, const Delivery& delivery,
               const Moment& now);

  /// The messages that are due to be tried: the head of each key. A suspect is tried alone, before all
  /// others.
  std::vector<ParkedMessage> due(store::ReadTransaction& transaction, Age now, std::int64_t rows_max);
  /// When the next one is due.
  std::optional<Age> next_due(store::ReadTransaction& transaction);

  /// Counts an attempt, before it is made: a process that ends in it has made it.
  void count_attempt(store::Transaction& transaction, const ParkedMessage& message, Age next_attempt);
  /// Its attempt is still under way.
  void postpone(store::Transaction& transaction, const ParkedMessage& message, Age next_attempt);
  /// The attempt failed.
  void failed(store::Transaction& transaction, const ParkedMessage& message, const Error& cause,
              bool is_last);
  /// Handled, or discarded: removes it and makes the next one of its key due.
  void resolve(store::Transaction& transaction, const ParkedMessage& message, Age now);
  /// A dead letter gets a new set of attempts, at once. False if there is none at that place.
  bool revive(store::Transaction& transaction, const std::string& producer, std::uint64_t seq, Age now);

  static std::optional<ParkedMessage> find(store::ReadTransaction& transaction, const std::string& producer,
                                           std::uint64_t seq);
  /// Dead letters and what waits behind them, oldest first, after (producer, seq).
  static std::vector<ParkedMessage> list(store::ReadTransaction& transaction,
                                         const std::string& after_producer, std::uint64_t after_seq,
                                         std::int64_t rows_max);

 private:
  /// With the producer, state, attempts, times, cause and suspicion of `as`.
  void add(store::Transaction& transaction, const Delivery& delivery, const ParkedMessage& as, Instant now);

  std::map<std::pair<std::string, std::string>, std::size_t> keys_;  // (producer, key) → messages
  std::size_t count_ = 0;
  std::size_t dead_ = 0;
};

}  // namespace banyan::delivery
