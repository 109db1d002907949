#pragma once
#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "banyan/base/result.hpp"
#include "banyan/base/uuid.hpp"
#include "banyan/store/arg.hpp"

namespace banyan::store {

class Connection;

/// The author of a statement. Those of handlers may not use PRAGMA, ATTACH and transaction control.
enum class Origin : bool { handler, store };

/// One compiled statement. What fails here throws Failure.
class Statement {
 public:
  /// How long the text and bytes of the values last.
  enum class Values : bool {
    until_done,  ///< Until the statement has run to its end: bound as they are.
    until_bound  ///< Copied.
  };

  Statement(Connection& connection, std::string_view sql, Origin origin);

  const std::string& sql() const noexcept { return sql_; }

  /// Binds all placeholders.
  void bind(std::span<const Arg> args, Values values);
  /// True if there is a row.
  bool step();
  /// Steps to the end, ready to be run again.
  void run();
  /// The same for callers that don't throw.
  Status try_run() noexcept;
  /// Runs a change whose rows nobody reads to its end, keeping its failure for take_unheard_failure(); what
  /// only reads is left where it is. Ready to be run again.
  void complete() noexcept;
  void reset() noexcept {
    is_at_row_ = false;
    sqlite3_reset(handle_.get());
  }

  // Columns of the current row.
  bool is_null(int column) const { return type(column) == SQLITE_NULL; }
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string_view text(int column) const;
  std::span<const std::byte> blob(int column) const;
  Uuid uuid(int column) const;
  [[noreturn]] void wrong_type(int column, std::string_view wanted) const;

  bool in_use = false;         ///< By Rows.
  std::uint64_t last_use = 0;  ///< In the order of the cache's uses.

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
  };

  void compile();
  int bind_one(int index, const Arg& arg, Values values);
  int type(int column) const;
  [[noreturn]] void fail(int code) const;

  Connection& connection_;
  std::string sql_;
  Origin origin_;
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
  std::size_t placeholders_ = 0;
  bool is_at_row_ = false;
};

}  // namespace banyan::store
