#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "banyan/base/clock.hpp"
#include "banyan/base/fault.hpp"
#include "banyan/base/result.hpp"
#include "banyan/store/migration.hpp"
#include "banyan/store/options.hpp"
#include "banyan/store/transaction.hpp"

namespace banyan::store {

enum class Checkpoint : std::uint8_t {
  passive,   ///< Moves what it can into the database file; waits for nobody.
  truncate,  ///< The same, then cuts the log to nothing unless a reader still needs it.
};

/// The only write connection, and the only one that checkpoints, of one store directory.
///
/// A group commit: begin(), attempt() once per command, work of the runtime through transaction(), commit():
/// one fsync for all of them. Answers leave after commit() has returned success, not before.
///
/// Threads: one at a time. Lifetime: outlives its Rows; Readers of the directory are closed before it.
class Database {
 public:
  /// Takes the directory's lock, opens or makes the file, applies the migrations that are missing, each in a
  /// transaction of its own. `clock` and `faults` outlive the Database. Errors, all leaving the store as it
  /// was but for migrations that had succeeded:
  ///  - conflict         "store.in_use":            another process (the detail tells its pid) or Database
  ///  has the lock.
  ///  - conflict         "store.restoring":         a restore into the directory was not finished.
  ///  - unavailable      "store.directory":         the directory or a file in it can't be made or opened.
  ///  - conflict         "store.newer_schema":      holds a migration that this program does not know.
  ///  - conflict         "store.changed_migration": an applied migration has another text or name now.
  ///  - invalid_argument "store.migration_order":   an owner's versions are not 1, 2, 3 …
  ///  - invalid_argument "store.migration_failed":  wrong SQL; the detail tells file, line and statement.
  ///  - invalid_argument "store.bad_table":         a table that is not STRICT or has no PRIMARY KEY.
  ///  - and those of Failure.
  static Result<std::unique_ptr<Database>> open(const Options& options, std::span<const Migration> migrations,
                                                const Clock& clock, Faults& faults);
  ~Database();  ///< Rolls back an open transaction.

  /// Opens a transaction. Nothing is open after an error. Fault point after_begin.
  Status begin();

  /// Runs `work` in a savepoint of the open transaction: all its changes stay, or none if it returns an error
  /// or throws. Errors: work's own; that of a Failure it threw; conflict "store.constraint" for a deferred
  /// foreign key that is still broken at its end; internal "store.handler_threw" for any other exception.
  /// After "store.full" and other failures of the disk SQLite may have given up the whole transaction, with
  /// all attempts before: then in_transaction() is false.
  Status attempt(const std::function<Status(Transaction&)>& work);

  /// The open transaction outside any savepoint, for the runtime's own rows. Throws Failure as its statements
  /// do.
  Transaction& transaction() noexcept { return transaction_; }

  /// False before begin(), after commit() or rollback(), and when a failure has rolled the transaction back.
  bool in_transaction() const noexcept;

  /// Whether the open transaction has changed a row so far, or tried to.
  bool has_changed() const noexcept;

  /// Makes the transaction durable. No transaction is open afterwards, and after an error none of its changes
  /// is there (but for the fault point after_commit). Errors: the failure that had taken the transaction;
  /// those of Failure. Fault points before_commit, after_commit; one that throws gives unavailable
  /// "store.fault".
  Status commit();

  /// Undoes the open transaction, if any.
  void rollback() noexcept;

  /// Bytes of the write-ahead log that wait for a checkpoint: 0 after one that got through. Keeps growing
  /// while a reader holds an old snapshot.
  std::size_t wal_bytes() const noexcept;

  /// Moves the log into the database file. What a reader still needs stays (see wal_bytes()); that is no
  /// error. Not inside a transaction. Fault point mid_checkpoint: file written, log not yet cut.
  Status checkpoint(Checkpoint mode);

  /// Rolls back an open transaction and moves the log into the file, as far as nobody reads it; nothing is
  /// called after that but the destructor, which could not tell of a failure. What was committed is durable
  /// also after an error. Errors: those of Failure.
  Status close();

  /// True while the disk has less than Options::free_min_bytes, and from a "store.full" on until there is
  /// room for the ballast again. Refuse new work then; what deletes may go on, the ballast was given up for
  /// it. Asks the file system.
  bool is_full();

 private:
  struct Parts;
  explicit Database(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
  Transaction transaction_;
};

}  // namespace banyan::store
