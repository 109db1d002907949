#include "banyan/store/transaction.hpp"

#include "connection.hpp"

namespace banyan::store {

Rows ReadTransaction::query(std::string_view sql, std::span<const Arg> args) {
  connection_.require_transaction();
  Rows rows(connection_.statement(sql));
  rows.statement_->bind(args, Statement::Values::until_bound);
  return rows;
}

std::int64_t Transaction::execute(std::string_view sql, std::span<const Arg> args) {
  connection_.require_transaction();
  const std::int64_t changes_before = sqlite3_total_changes64(connection_.handle());
  Rows rows(connection_.statement(sql));
  rows.statement_->bind(args, Statement::Values::until_done);
  while (rows.next()) {
  }
  const bool changed = sqlite3_total_changes64(connection_.handle()) != changes_before;
  return changed ? sqlite3_changes64(connection_.handle()) : 0;
}

std::int64_t Transaction::last_insert_id() const noexcept {
  return sqlite3_last_insert_rowid(connection_.handle());
}

}  // namespace banyan::store
