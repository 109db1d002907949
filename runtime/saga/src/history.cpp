#include "banyan/saga/history.hpp"

#include "reason.hpp"

namespace banyan::saga {

std::vector<HistoryEntry> history(store::ReadTransaction& transaction, std::string_view saga,
                                  const Uuid& id) {
  std::vector<HistoryEntry> entries;
  auto rows = transaction.query(
      "SELECT h.at, h.step, h.outcome, h.detail FROM banyan_saga s JOIN banyan_saga_history h ON h.saga = "
      "s.n "
      "WHERE s.saga = ?1 AND s.id = ?2 ORDER BY h.n",
      saga, id);
  while (rows.next()) {
    entries.push_back({rows.get<Timestamp>(0), rows.get<std::string>(1), rows.get<std::string>(2),
                       rows.get<std::string>(3)});
  }
  return entries;
}

std::vector<Progress> stuck(store::ReadTransaction& transaction, Age now, std::int64_t rows_max) {
  std::vector<Progress> all;
  auto rows = transaction.query(
      "SELECT saga, id, status, step, attempt, started_at, deadline FROM banyan_saga "
      "WHERE status IN ('running', 'compensating') AND deadline < ?1 ORDER BY n LIMIT ?2",
      now, rows_max);
  while (rows.next()) {
    all.push_back({rows.get<std::string>(0), rows.get<Uuid>(1), rows.get<std::string>(2), rows.get<int>(3),
                   rows.get<int>(4), rows.get<Timestamp>(5), rows.get<Age>(6)});
  }
  return all;
}

Activity activity(store::ReadTransaction& transaction) {
  auto row = transaction.query(
      "SELECT count(*), min(began) FROM banyan_saga WHERE status IN ('running', 'compensating')");
  if (!row.next()) return {};
  return {row.get<std::int64_t>(0), row.get<std::optional<Age>>(1)};
}

bool abort(store::Transaction& transaction, std::string_view saga, const Uuid& id, const Error& reason) {
  return transaction.execute(
             "UPDATE banyan_saga SET abort_reason = ?3 WHERE saga = ?1 AND id = ?2 AND status = 'running'",
             saga, id, to_text(reason)) == 1;
}

}  // namespace banyan::saga
