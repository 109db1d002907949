#pragma once
#include <functional>
#include <memory>
#include <string>

#include "banyan/base/clock.hpp"
#include "banyan/base/result.hpp"
#include "banyan/store/options.hpp"
#include "banyan/store/transaction.hpp"

namespace banyan::store {

/// A connection that reads only, beside the writer, and never blocks it. Never checkpoints.
///
/// Between begin() and end() all queries see the state of the first one. A snapshot keeps the write-ahead log
/// from starting over: take one for a burst of queries, not longer. Options::read_age_max after begin() the
/// queries throw Failure "store.read_too_long", a running one too.
///
/// Threads: one at a time. Lifetime: opened after the Database of its directory, closed before it; outlives
/// its Rows.
class Reader {
 public:
  /// Errors: those of Failure.
  static Result<std::unique_ptr<Reader>> open(const Options& options, const Clock& clock);
  ~Reader();

  Status begin();
  void end() noexcept;  ///< After the last of its Rows. Does nothing if nothing was begun.
  ReadTransaction& transaction() noexcept { return transaction_; }

  /// `work` in a snapshot of its own, from begin() to end(). Errors: those of begin(), and the Failure that
  /// `work` threw.
  Status read(const std::function<void(ReadTransaction&)>& work);

  /// Copies the state that the queries since begin() see into a new, complete database file. `target`
  /// appears when all is done and durable, or not at all; mode 0600. `go_on` is asked every few MiB; an error
  /// of it ends the copy, and is the error. Errors: already_exists "store.backup_exists"; unavailable
  /// "store.directory"; those of Failure.
  Status copy_to(const std::string& target, const std::function<Status()>& go_on);

 private:
  struct Parts;
  explicit Reader(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
  ReadTransaction transaction_;
};

}  // namespace banyan::store
