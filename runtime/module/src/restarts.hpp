#pragma once
#include "banyan/store/transaction.hpp"

namespace banyan::module {

/// How often in a row the process has ended before the module had committed a message. When that happens
/// again and again, a message may be the reason: one after the other is tried alone then, so that each
/// attempt is counted. Threads: one, the writer's.
class Restarts {
 public:
  /// Counts this start, inside the opening transaction. Throws store::Failure.
  void open(store::Transaction& transaction);
  /// A message is handled in the open transaction, or the process ends in good order. Throws store::Failure.
  void forgive(store::Transaction& transaction);
  /// The open transaction was committed.
  void committed() noexcept { fruitless_ = uncommitted_; }

  bool are_suspicious() const noexcept { return fruitless_ > fruitless_max; }

 private:
  static constexpr int fruitless_max = 2;  // a machine may lose power twice in its first moments

  int fruitless_ = 0;
  int uncommitted_ = 0;
};

}  // namespace banyan::module
