#include "banyan/store/database.hpp"

#include <utility>

#include "ballast.hpp"
#include "banyan/base/assert.hpp"
#include "banyan/store/maintenance.hpp"
#include "connection.hpp"
#include "directory.hpp"
#include "lock.hpp"
#include "migrate.hpp"

namespace banyan::store {
namespace {

const Error full{Errc::resource_exhausted, "store.full"};

constexpr std::size_t wal_header_bytes = 32;
constexpr std::size_t wal_frame_header_bytes = 24;

/// The statements that drive a transaction, kept away from those that a handler can reach.
struct Control {
  explicit Control(Connection& connection)
      : begin(connection, "BEGIN IMMEDIATE", Origin::store),
        commit(connection, "COMMIT", Origin::store),
        rollback(connection, "ROLLBACK", Origin::store),
        savepoint(connection, "SAVEPOINT attempt", Origin::store),
        release(connection, "RELEASE attempt", Origin::store),
        undo(connection, "ROLLBACK TO attempt", Origin::store) {}

  Statement begin, commit, rollback, savepoint, release, undo;
};

Status outcome_of(const std::function<Status(Transaction&)>& work, Transaction& transaction) {
  try {
    return work(transaction);
  } catch (const Failure& failure) {
    return failure.error();
  } catch (const std::exception& exception) {
    return Error{Errc::internal, "store.handler_threw", exception.what()};
  } catch (...) {
    return Error{Errc::internal, "store.handler_threw", "not a std::exception"};
  }
}

int count_wal_frames(void* frames, sqlite3*, const char*, int count) {
  *static_cast<int*>(frames) = count;
  return SQLITE_OK;
}

bool has_broken_deferred_keys(const Connection& connection) {
  int broken = 0;
  int unused = 0;
  sqlite3_db_status(connection.handle(), SQLITE_DBSTATUS_DEFERRED_FKS, &broken, &unused, 0);
  return broken != 0;
}

}  // namespace

struct Database::Parts {
  Parts(DirectoryLock taken, const Options& options, Faults& faults_)
      : lock(std::move(taken)),
        ballast(options),
        connection(path_of(options, options.file_name), Connection::Role::writer, options),
        faults(faults_) {
    sqlite3_wal_hook(connection.handle(), count_wal_frames, &wal_frames);
    page_bytes = static_cast<std::size_t>(connection.own_integer("PRAGMA page_size"));
  }

  Error failed(Error error) {
    if (error == full) ballast.release();
    return error;
  }

  Status run(Statement& statement) {
    Status outcome = statement.try_run();
    return outcome.ok() ? outcome : failed(outcome.error());
  }

  Status reach(const char* point) {
    try {
      faults.reach(point);
      return success();
    } catch (const std::exception& fault) {
      return Error{Errc::unavailable, "store.fault", std::string{point} + ": " + fault.what()};
    }
  }

  /// Readers that need the log, or a part of it, are no failure.
  Status move_log(int mode) {
    const auto [code, all] = connection.move_log(mode);
    if (code == SQLITE_BUSY) return success();
    if (code != SQLITE_OK) return failed(connection.failed(code, "checkpoint"));
    if (all) wal_frames = 0;
    return success();
  }

  DirectoryLock lock;
  Ballast ballast;
  Connection connection;
  Control control{connection};
  Faults& faults;
  int wal_frames = 0;
  sqlite3_int64 changes_before = 0;  // of the open transaction, on this connection
  std::size_t page_bytes = 0;
};

Result<std::unique_ptr<Database>> Database::open(const Options& options,
                                                 std::span<const Migration> migrations, const Clock& clock,
                                                 Faults& faults) {
  if (const Status made = make_directory(options.directory); !made.ok()) return made.error();
  Result<DirectoryLock> lock = DirectoryLock::take(options);
  if (!lock.ok()) return lock.error();
  if (const Status restored = check_restored(options); !restored.ok()) return restored.error();
  if (const Status made = make_file(path_of(options, options.file_name)); !made.ok()) return made.error();
  try {
    auto parts = std::make_unique<Parts>(std::move(lock).value(), options, faults);
    if (const Status done = migrate(parts->connection, migrations, clock); !done.ok()) {
      return parts->failed(done.error());
    }
    // The log's name too has to survive what the first commit is to survive. SQLite asks for that and does
    // not look at the outcome.
    if (const Status named = sync_directory(options.directory); !named.ok()) return named.error();
    const Status moved = parts->move_log(SQLITE_CHECKPOINT_TRUNCATE);
    const bool fits = moved.ok() || moved.error() == full;  // a full disk is served: deleting may help
    if (!fits) return moved.error();
    parts->ballast.is_disk_full();
    return std::unique_ptr<Database>{new Database(std::move(parts))};
  } catch (const Failure& failure) {
    return failure.error();
  }
}

Database::Database(std::unique_ptr<Parts> parts)
    : parts_(std::move(parts)), transaction_(parts_->connection) {}

Database::~Database() { rollback(); }

Status Database::begin() {
  BANYAN_ASSERT(!in_transaction());
  if (const auto& fatal = parts_->connection.fatal_failure()) return *fatal;
  parts_->connection.forget_transaction_failure();
  if (Status begun = parts_->run(parts_->control.begin); !begun.ok()) return begun;
  parts_->changes_before = sqlite3_total_changes64(parts_->connection.handle());
  Status reached = parts_->reach("after_begin");
  if (!reached.ok()) rollback();
  return reached;
}

Status Database::attempt(const std::function<Status(Transaction&)>& work) {
  Control& control = parts_->control;
  if (!in_transaction()) return parts_->connection.transaction_failure();
  if (Status saved = parts_->run(control.savepoint); !saved.ok()) return saved;

  Status outcome = outcome_of(work, transaction_);
  if (!in_transaction()) return parts_->failed(parts_->connection.transaction_failure());
  if (auto unheard = parts_->connection.take_unheard_failure(); unheard && outcome.ok()) {
    outcome = *std::move(unheard);
  }
  if (outcome.ok() && has_broken_deferred_keys(parts_->connection)) {
    outcome =
        Error{Errc::conflict, "store.constraint", "FOREIGN KEY constraint failed at the end of the command"};
  }
  if (outcome.ok()) return parts_->run(control.release);

  const bool undone = parts_->run(control.undo).ok() && parts_->run(control.release).ok();
  if (!undone) rollback();
  return parts_->failed(outcome.error());
}

bool Database::has_changed() const noexcept {
  return sqlite3_total_changes64(parts_->connection.handle()) != parts_->changes_before;
}

bool Database::in_transaction() const noexcept { return parts_->connection.in_transaction(); }

Status Database::commit() {
  if (!in_transaction()) return parts_->failed(parts_->connection.transaction_failure());
  Status outcome = parts_->reach("before_commit");
  if (const auto unheard = parts_->connection.take_unheard_failure(); unheard && outcome.ok()) {
    outcome = *unheard;
  }
  if (outcome.ok()) outcome = parts_->run(parts_->control.commit);
  if (outcome.ok()) return parts_->reach("after_commit");
  rollback();
  return outcome;
}

void Database::rollback() noexcept {
  if (!in_transaction()) return;
  const Status rolled_back = parts_->run(parts_->control.rollback);
  BANYAN_ASSERT(rolled_back.ok() || !in_transaction());
}

std::size_t Database::wal_bytes() const noexcept {
  if (parts_->wal_frames == 0) return 0;
  const std::size_t frame_bytes = parts_->page_bytes + wal_frame_header_bytes;
  return wal_header_bytes + static_cast<std::size_t>(parts_->wal_frames) * frame_bytes;
}

Status Database::checkpoint(Checkpoint mode) {
  BANYAN_ASSERT(!in_transaction());
  if (const auto& fatal = parts_->connection.fatal_failure()) return *fatal;
  if (Status moved = parts_->move_log(SQLITE_CHECKPOINT_PASSIVE); !moved.ok()) return moved;
  if (Status reached = parts_->reach("mid_checkpoint"); !reached.ok()) return reached;
  return mode == Checkpoint::truncate ? parts_->move_log(SQLITE_CHECKPOINT_TRUNCATE) : success();
}

Status Database::close() {
  rollback();
  if (const auto& fatal = parts_->connection.fatal_failure()) return *fatal;
  return parts_->move_log(SQLITE_CHECKPOINT_TRUNCATE);
}

bool Database::is_full() { return parts_->ballast.is_disk_full(); }

}  // namespace banyan::store
