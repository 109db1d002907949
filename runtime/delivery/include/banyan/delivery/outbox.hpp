#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "banyan/delivery/age.hpp"
#include "banyan/delivery/link.hpp"
#include "banyan/delivery/tx.hpp"
#include "banyan/message/registry.hpp"
#include "banyan/store/transaction.hpp"

namespace banyan::delivery {

/// The rows that one subscriber of a log is known to have.
struct Seen {
  std::uint64_t had = 0;    ///< The last row that it had.
  std::uint64_t until = 0;  ///< No row behind `had`, up to here, concerns it.

  friend bool operator==(const Seen&, const Seen&) = default;
};

/// How far a log's subscribers have come.
struct Passed {
  std::uint64_t by_all = 0;  ///< Every row up to here has reached everyone whom it concerns.
  std::map<std::string, Seen> seen = {};
};

/// The log of everything that a module has emitted: rows of the module's own database, written in the
/// transaction of the change, numbered without gaps and chained by hash.
///
/// Threads: one, the writer's.
class Outbox {
 public:
  /// Reads the log's head, or starts the log with a fresh epoch. Inside a transaction. Throws store::Failure.
  void open(store::Transaction& transaction, IdSource& ids, Timestamp now);

  /// Adds a row. Inside the transaction of the change. Throws store::Failure.
  Delivery append(store::Transaction& transaction, const Emission& emission, const Moment& now);

  /// The open transaction was committed. (If it was lost, open() tells where the log ends now.)
  void committed() noexcept { committed_ = head_; }

  /// The last row that is durable.
  const Position& head() const noexcept { return committed_; }

  /// Keeps what the subscribers have. While one has what it had, `until` never goes down.
  static void note(store::Transaction& transaction, const std::map<std::string, Seen>& seen);
  /// Of the `rows_max` oldest rows up to `seq` removes those that were added before `added_before`. How many.
  /// Notes the rows before it removes them.
  std::int64_t prune(store::Transaction& transaction, std::uint64_t seq, Age added_before,
                     std::int64_t rows_max);

 private:
  Position head_;
  Position committed_;
};

/// How much of a log is read at once. The first row is read whatever its size.
struct PageLimits {
  std::int64_t rows = 512;
  std::size_t bytes = 4 << 20;  ///< Of their payloads, as JSON.
};

/// Reads a log back, for subscribers that are behind.
/// Threads: those of the transaction. Lifetime: keeps the addresses of both.
class OutboxReader {
 public:
  OutboxReader(store::ReadTransaction& transaction, const message::Registry& registry)
      : transaction_(transaction), registry_(registry) {}

  /// The next rows after `seq`, in order. A body that breaks its contract, and did so when it was written, is
  /// message::Undecoded. Errors: data_loss "delivery.bad_row": a row was damaged since, or is of a type that
  /// nobody here knows.
  Result<std::vector<Delivery>> read(std::uint64_t seq, const PageLimits& limits, const StoreAge& age);
  /// The hash at `seq`, or nothing where the row is gone.
  std::optional<ChainHash> hash_at(std::uint64_t seq);
  /// The note about `subscriber`.
  std::optional<Seen> seen(std::string_view subscriber);

 private:
  Result<message::ParcelPtr> parcel_in(const store::Rows& row, Instant written);
  bool is_as_written(const store::Rows& row);

  store::ReadTransaction& transaction_;
  const message::Registry& registry_;
};

/// The hash after `row`, given the one before it.
ChainHash chain(const ChainHash& before, std::uint64_t seq, std::string_view type, std::string_view headers,
                std::string_view payload);

}  // namespace banyan::delivery
