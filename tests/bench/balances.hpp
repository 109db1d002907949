#pragma once
#include <atomic>
#include <cstddef>

#include "ledger.hpp"

/// A subscriber's view of the ledger's events: a sum per account.
namespace banyan::bench::balances {

inline std::atomic<std::size_t> handled = 0;

inline constexpr store::Migration migrations[] = {
    {.owner = "balances", .version = 1, .name = "sums", .sql = R"(
CREATE TABLE balances_sum (account TEXT PRIMARY KEY, amount INTEGER NOT NULL) STRICT, WITHOUT ROWID;
)"}};

inline Status add(Tx& tx, const ledger::EntryAdded& event, const Context&) {
  tx.execute(
      "INSERT INTO balances_sum (account, amount) VALUES (?1, ?2) ON CONFLICT (account) DO UPDATE SET amount "
      "= amount + ?2",
      event.key, event.number);
  handled.fetch_add(1, std::memory_order_relaxed);
  return success();
}

inline module::Module module() {
  return module::Module{"balances", {}}.migrates(migrations).on<ledger::EntryAdded>(add);
}

}  // namespace banyan::bench::balances
