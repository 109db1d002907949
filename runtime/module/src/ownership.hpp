#pragma once
#include <atomic>
#include <cstdint>

#include "banyan/base/clock.hpp"
#include "banyan/base/result.hpp"
#include "banyan/store/transaction.hpp"

namespace banyan::module {

/// The right to commit. Each opening of the store makes a new owner with the next epoch; one that has an
/// older epoch commits nothing any more, even where the store's lock file did not hold the new one off (it
/// was removed, or the file system does not lock). What was not committed is not published. Threads: the
/// writer's, but for what is noexcept.
class Ownership {
 public:
  /// Inside the opening transaction. Throws store::Failure.
  void take(store::Transaction& transaction, Timestamp now);
  /// Inside every transaction, before its commit. Errors: those of state(). Throws
  /// store::Failure.
  Status check(store::Transaction& transaction);

  std::uint64_t epoch() const noexcept { return epoch_; }
  /// Another process serves this module, with whatever store: this one commits nothing more, for good.
  void yield() noexcept { has_yielded_ = true; }

  /// Or "module.not_owner", once that was seen, or unavailable "module.yielded".
  Status state() const noexcept;

 private:
  std::atomic<std::uint64_t> epoch_ = 0;
  std::atomic<bool> is_superseded_ = false;
  std::atomic<bool> has_yielded_ = false;
};

}  // namespace banyan::module
