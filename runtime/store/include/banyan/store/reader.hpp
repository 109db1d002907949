#pragma once
#include <functional>
#include <memory>

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

 private:
  struct Parts;
  explicit Reader(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
  ReadTransaction transaction_;
};

}  // namespace banyan::store
