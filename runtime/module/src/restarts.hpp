#pragma once
#include <map>
#include <string>

#include "banyan/store/transaction.hpp"

namespace banyan::module {

/// For each producer, how often in a row the process has ended before the module had committed a message of
/// it. When that happens again and again, a message may be the reason: one after the other is tried alone
/// then, so that each attempt is counted. Threads: one, the writer's. All throw store::Failure.
class Restarts {
 public:
  /// Reads what there is, and forgets what it knew.
  void open(store::ReadTransaction& transaction);
  /// Counts this start.
  void count(store::Transaction& transaction, const std::string& producer);
  /// A message of it is handled in the open transaction.
  void forgive(store::Transaction& transaction, const std::string& producer);
  /// The process ends in good order.
  void forgive_all(store::Transaction& transaction);

  bool are_suspicious(const std::string& producer) const;

 private:
  static constexpr int fruitless_max = 2;  // a machine may lose power twice in its first moments

  std::map<std::string, int> fruitless_;  // by producer
};

}  // namespace banyan::module
