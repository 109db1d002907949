#pragma once
#include <sqlite3.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "banyan/base/clock.hpp"
#include "banyan/base/error.hpp"
#include "banyan/store/options.hpp"
#include "statement_cache.hpp"

namespace banyan::store {

struct CloseHandle {
  void operator()(sqlite3* handle) const noexcept { sqlite3_close(handle); }
};
using Handle = std::unique_ptr<sqlite3, CloseHandle>;

/// Opens a file with SQLite's SQLITE_OPEN_… flags. Throws Failure.
Handle open_handle(const std::string& file, int flags);

/// One hardened connection to a store's file. What fails here throws Failure.
class Connection {
 public:
  enum class Role : bool { writer, reader };

  Connection(const std::string& file, Role role, const Options& options);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  sqlite3* handle() const noexcept { return handle_.get(); }

  /// A statement of a handler, compiled before or now, not in use.
  Statement& statement(std::string_view sql) { return statements_.find(sql); }

  /// Runs statements of the store itself.
  void run_own(const std::string& sql);

  /// The first column of the only row of a statement of the store itself.
  std::int64_t own_integer(const std::string& sql);
  std::string own_text(const std::string& sql);

  struct LogMoved {
    int code;  ///< SQLite's.
    bool all;  ///< Nothing is left in the log.
  };
  /// Moves the log into the file as far as readers let it, waiting for nobody.
  LogMoved move_log(int mode) noexcept;

  bool in_transaction() const noexcept { return sqlite3_get_autocommit(handle_.get()) == 0; }

  /// Throws unless a transaction is open and not too old.
  void require_transaction() const;

  /// Why no transaction is open: what rolled it back, or that none was begun.
  Error transaction_failure() const;
  /// Another transaction begins.
  void forget_transaction_failure() noexcept {
    transaction_failure_.reset();
    unheard_failure_.reset();
  }

  /// Turns a code into an Error that tells the statement, and remembers what it did to the transaction. Calls
  /// on_fatal if it is that bad.
  Error failed(int code, std::string_view sql);

  /// The same for a statement that failed behind the last row that was asked for, when nobody listened.
  void failed_unheard(int code, std::string_view sql);
  /// The failures of that kind since the last call.
  std::optional<Error> take_unheard_failure() noexcept { return std::exchange(unheard_failure_, {}); }

  /// Why this connection must not be used any more.
  const std::optional<Error>& fatal_failure() const noexcept { return fatal_failure_; }

  /// From `time` on statements fail, also while they run. `clock` outlives the connection.
  void expire_at(Instant time, const Clock& clock) noexcept;
  void never_expire() noexcept { expires_at_ = no_deadline; }

  /// The author of the statement that is compiled or run next.
  void serve(Origin origin) noexcept { serving_ = origin; }

 private:
  static int authorize(void* self, int action, const char* first, const char* second, const char*,
                       const char*);
  static int is_expired(void* self);

  void harden();
  void configure(Role role, const Options& options);
  void begin_log();
  void read_own(const std::string& sql, const std::function<void(const Statement&)>& read);

  std::function<void(const Error&)> on_fatal_;
  Handle handle_;
  StatementCache statements_{*this};
  Origin serving_ = Origin::handler;
  std::optional<Error> transaction_failure_;
  std::optional<Error> unheard_failure_;
  std::optional<Error> fatal_failure_;
  const Clock* clock_ = nullptr;
  Instant expires_at_ = no_deadline;
};

}  // namespace banyan::store
