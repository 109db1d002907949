#pragma once
#include <map>
#include <string>
#include <vector>

#include "banyan/delivery/link.hpp"
#include "banyan/store/transaction.hpp"

namespace banyan::delivery {

/// How far a module has come in the log of every producer it listens to. The position is saved in the
/// transaction of the effects, so a message has its effect exactly once, however often it arrives.
///
/// Threads: one, the writer's.
class Inbox {
 public:
  /// Reads all positions, and forgets what it knew. Throws store::Failure.
  void open(store::ReadTransaction& transaction);

  /// In whose logs it has a position.
  std::vector<std::string> producers() const;
  /// The durable position in `producer`'s log.
  Position position(const std::string& producer) const;

  /// Whether `batch` leaves something out that was not handled, or is of another incarnation of the log: it
  /// can't be used, ask to resume.
  bool has_gap(const Batch& batch) const;
  /// Whether the delivery was handled before.
  bool is_repeat(const Batch& batch, const Delivery& delivery) const;
  /// The delivery has its effect in the open transaction.
  void advance(const Batch& batch, const Delivery& delivery);

  /// To `to`, a position in the same log not beyond handled_until(), in the open transaction: what follows on
  /// it comes again. Up to where it was, that is a replay.
  void rewind(const std::string& producer, const Position& to);
  /// The last row that was handled, now or before the producer was rewound. Durable.
  std::uint64_t handled_until(const std::string& producer) const;
  /// Whether the row has had its effect before its producer was rewound.
  bool is_replay(const std::string& producer, std::uint64_t seq) const;

  /// Writes the positions that moved. Inside the transaction, before its commit. Throws store::Failure.
  void save(store::Transaction& transaction);
  /// The open transaction was committed: the producers whose position moved, to be told. (If it was lost,
  /// open() tells the positions that count.)
  std::vector<std::string> committed();

 private:
  struct Source {
    Position current;
    Position durable;
    std::uint64_t replayed_until = 0;
  };
  void move(const std::string& producer, const Position& to);

  std::map<std::string, Source, std::less<>> sources_;
  std::vector<std::string> moved_;
};

}  // namespace banyan::delivery
