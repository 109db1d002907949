#pragma once
#include "banyan/base/moment.hpp"
#include "banyan/base/uuid.hpp"
#include "banyan/store/transaction.hpp"

namespace banyan::delivery {

/// How old a store is, and the ids that were made for it: what must go on where it was, whatever the system's
/// clock says at the next start.
///
/// Threads: open() and save() are the writer's; the others are safe once open() has returned.
class StoreAge {
 public:
  /// Reads the age, and raises `ids` above all that the store has. Later calls change nothing: from the first
  /// one on the age goes on with the clock. Throws store::Failure.
  void open(store::ReadTransaction& transaction, IdSource& ids, Instant now);

  /// Writes age and ids down, with every commit that changes something: what is younger, and no id that
  /// somebody knows, is lost with the process. Throws store::Failure.
  void save(store::Transaction& transaction, const IdSource& ids, Instant now);
  /// It is worth a commit of its own.
  bool is_due(Instant now) const noexcept;

  Moment now(const Clock& clock) const;
  Age at(Instant instant) const noexcept { return Age{instant.time_since_epoch() + ahead_}; }
  /// Of an age from before the process began too.
  Instant at(Age age) const noexcept { return Instant{age.time_since_epoch() - ahead_}; }

 private:
  bool is_open_ = false;
  Duration ahead_{};  // of the process' clock
  Instant saved_at_{};
};

}  // namespace banyan::delivery
