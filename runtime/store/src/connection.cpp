#include "connection.hpp"

#include <malloc.h>

#include <cerrno>
#include <mutex>

#include "banyan/store/failure.hpp"
#include "errors.hpp"

namespace banyan::store {
namespace {

/// A reader that looks at the log's index while it changes takes the writer's lock for a moment.
constexpr int busy_timeout_ms = 5'000;

constexpr int expiry_check_operations = 1'000;

/// Free memory at a heap's end that is kept instead of being given back to the system. Each savepoint takes a
/// block of 64 KiB for its undo log and gives it back: by default glibc returns it at once, and fetching it
/// again costs sixteen page faults a command.
constexpr int heap_keep_bytes = 4 << 20;

/// Statistics of memory cost a global lock at each allocation: a quarter of the speed of small transactions.
void prepare_library() {
  static std::once_flag once;
  std::call_once(once, [] {
    mallopt(M_TRIM_THRESHOLD, heap_keep_bytes);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_initialize();
  });
}

}  // namespace

Handle open_handle(const std::string& file, int flags) {
  prepare_library();
  sqlite3* raw = nullptr;
  const int code =
      sqlite3_open_v2(file.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  Handle handle{raw};
  if (code != SQLITE_OK) {
    const std::string why = raw != nullptr ? sqlite3_errmsg(raw) : sqlite3_errstr(code);
    throw Failure{to_error(code, raw != nullptr ? sqlite3_system_errno(raw) : 0, file + ": " + why)};
  }
  return handle;
}

Connection::Connection(const std::string& file, Role role, const Options& options)
    : on_fatal_(options.on_fatal), handle_(open_handle(file, SQLITE_OPEN_READWRITE)) {
  sqlite3_busy_timeout(handle_.get(), busy_timeout_ms);
  harden();
  configure(role, options);
  sqlite3_set_authorizer(handle_.get(), &Connection::authorize, this);
}

Connection::~Connection() = default;

void Connection::harden() {
  const auto set = [this](int option, int value) {
    sqlite3_db_config(handle_.get(), option, value, nullptr);
  };
  set(SQLITE_DBCONFIG_DEFENSIVE, 1);
  set(SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0);
  set(SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0);
  set(SQLITE_DBCONFIG_ENABLE_FKEY, 1);
  set(SQLITE_DBCONFIG_DQS_DDL, 0);
  set(SQLITE_DBCONFIG_DQS_DML, 0);
}

void Connection::configure(Role role, const Options& options) {
  sqlite3_wal_autocheckpoint(handle_.get(), 0);
  run_own("PRAGMA cache_size = -" + std::to_string(options.page_cache_bytes / 1024));
  // With temp_store = MEMORY the undo log of a savepoint would grow by 1 KiB at a time: more than twice its
  // cost.
  if (role == Role::reader) {
    sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    run_own("PRAGMA query_only = ON");
    return;
  }
  begin_log();
  run_own(options.durability == Durability::full ? "PRAGMA synchronous = FULL"
                                                 : "PRAGMA synchronous = NORMAL");
  run_own("PRAGMA journal_size_limit = " + std::to_string(options.wal_keep_bytes));
  run_own("PRAGMA secure_delete = FAST");  // overwrites what is deleted where that costs no further write
}

// Asked again after the change: without a log a commit would not survive a power loss as it promises.
void Connection::begin_log() {
  run_own("PRAGMA journal_mode = WAL");
  if (const std::string mode = own_text("PRAGMA journal_mode"); mode != "wal") {
    throw Failure{Error{Errc::unavailable, "store.directory", "no write-ahead log here, only " + mode}};
  }
}

void Connection::run_own(const std::string& sql) {
  serve(Origin::store);
  const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) throw Failure{failed(code, sql)};
}

std::int64_t Connection::own_integer(const std::string& sql) {
  std::int64_t value = 0;
  read_own(sql, [&](const Statement& row) { value = row.integer(0); });
  return value;
}

std::string Connection::own_text(const std::string& sql) {
  std::string value;
  read_own(sql, [&](const Statement& row) { value = row.text(0); });
  return value;
}

// To its end: what the statement changes is done, and what is wrong with it is told, behind the last row.
void Connection::read_own(const std::string& sql, const std::function<void(const Statement&)>& read) {
  Statement statement(*this, sql, Origin::store);
  while (statement.step()) read(statement);
}

Connection::LogMoved Connection::move_log(int mode) noexcept {
  int frames = 0;
  int moved = 0;
  sqlite3_busy_timeout(handle_.get(), 0);
  const int code = sqlite3_wal_checkpoint_v2(handle_.get(), "main", mode, &frames, &moved);
  sqlite3_busy_timeout(handle_.get(), busy_timeout_ms);
  return {code, frames == moved};
}

void Connection::require_transaction() const {
  if (!in_transaction()) throw Failure{transaction_failure()};
  if (expires_at_ != no_deadline && clock_->now() >= expires_at_) {
    throw Failure{Error{Errc::deadline_exceeded, "store.read_too_long", "the snapshot is too old"}};
  }
}

Error Connection::transaction_failure() const {
  if (transaction_failure_) return *transaction_failure_;
  return Error{Errc::internal, "store.no_transaction", "no transaction is open"};
}

// SQLite makes SQLITE_CORRUPT of an EIO that a read met with, and does not keep what the system said of it:
// errno, which each statement begins with 0, is all that tells it from damage.
Error Connection::failed(int code, std::string_view sql) {
  const int last_errno = errno;
  const int kept_errno = sqlite3_system_errno(handle_.get());
  std::string detail = sqlite3_errmsg(handle_.get());
  detail.append(": ").append(sql);
  // Of a file that may be written SQLite says so to a connection that only queries: its statement is wrong.
  const bool only_queries = code == SQLITE_READONLY && sqlite3_db_readonly(handle_.get(), "main") == 0;
  Error error = only_queries ? Error{Errc::internal, "store.sql", std::move(detail)}
                             : to_error(code, kept_errno != 0 ? kept_errno : last_errno, std::move(detail));
  if (!in_transaction() && !transaction_failure_) transaction_failure_ = error;
  if (is_fatal(code)) {
    fatal_failure_ = error;
    on_fatal_(error);
  }
  return error;
}

void Connection::failed_unheard(int code, std::string_view sql) {
  Error error = failed(code, sql);
  if (!unheard_failure_) unheard_failure_ = std::move(error);
}

void Connection::expire_at(Instant time, const Clock& clock) noexcept {
  clock_ = &clock;
  expires_at_ = time;
  sqlite3_progress_handler(handle_.get(), expiry_check_operations, &Connection::is_expired, this);
}

int Connection::is_expired(void* self) {
  const auto* connection = static_cast<const Connection*>(self);
  return connection->expires_at_ != no_deadline && connection->clock_->now() >= connection->expires_at_ ? 1
                                                                                                        : 0;
}

int Connection::authorize(void* self, int action, const char* first, const char* second, const char*,
                          const char*) {
  if (static_cast<const Connection*>(self)->serving_ == Origin::store) return SQLITE_OK;
  switch (action) {
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
      return SQLITE_DENY;
    case SQLITE_PRAGMA: {
      const std::string_view name = first;
      const bool is_of_search = second == nullptr && (name == "data_version" || name == "page_size");
      const bool is_of_new_column = second != nullptr && name == "quick_check";  // with a CHECK
      return is_of_search || is_of_new_column ? SQLITE_OK : SQLITE_DENY;
    }
    default:
      return SQLITE_OK;
  }
}

}  // namespace banyan::store
