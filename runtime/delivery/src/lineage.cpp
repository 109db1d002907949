#include "banyan/delivery/lineage.hpp"

#include <algorithm>
#include <span>

#include "banyan/delivery/audit.hpp"
#include "banyan/delivery/position.hpp"
#include "log.hpp"

namespace banyan::delivery {
namespace {

// Only a restore needs them, and it may be of a store of any version: no migration makes these tables.
constexpr std::string_view lineage_table =
    "CREATE TABLE IF NOT EXISTS banyan_lineage (epoch BLOB PRIMARY KEY, until INTEGER NOT NULL, "
    "hash BLOB NOT NULL, replaced_at INTEGER NOT NULL) STRICT, WITHOUT ROWID";
constexpr std::string_view intervention_table =
    "CREATE TABLE IF NOT EXISTS banyan_intervention (n INTEGER PRIMARY KEY, at INTEGER NOT NULL, "
    "what TEXT NOT NULL) STRICT";

std::span<const std::byte> blob(const ChainHash& hash) { return hash; }

bool has_table(store::ReadTransaction& store, std::string_view name) {
  return store.query("SELECT 1 FROM sqlite_schema WHERE name = ?1", name).next();
}

/// Up to where the log that had this epoch is a part of this one, which was restored since.
std::optional<Position> ancestor(store::ReadTransaction& log, const Uuid& epoch) {
  if (!has_table(log, "banyan_lineage")) return std::nullopt;
  auto row = log.query("SELECT until, hash FROM banyan_lineage WHERE epoch = ?1", epoch);
  if (!row.next()) return std::nullopt;
  return Position{epoch, row.get<std::uint64_t>(0), to_hash(row.get<std::vector<std::byte>>(1))};
}

Error unknown_fork(const std::string& why) { return {Errc::data_loss, "delivery.unknown_fork", why}; }

/// The last place of `log` that one at `at` has in common with it, as hashes and restores tell.
Result<Position> common_place(store::ReadTransaction& log, const Position& head, const Position& removed,
                              const Position& at) {
  if (at.seq == 0) return Position{.epoch = head.epoch};
  const auto hash = at.seq > head.seq ? std::nullopt : hash_in(log, removed, at.seq);
  if (hash == at.hash) return Position{head.epoch, at.seq, at.hash};
  if (at.epoch == head.epoch && at.seq <= head.seq && !hash) return at;
  const auto before = ancestor(log, at.epoch);
  if (before && at.seq > before->seq) return Position{head.epoch, before->seq, before->hash};
  if (before && !hash) return Position{head.epoch, at.seq, at.hash};
  return unknown_fork("the log ends with row " + std::to_string(head.seq) + ", the subscriber is at " +
                      std::to_string(at.seq) +
                      (at.epoch == head.epoch ? " of the same log, which was set back by hand"
                                              : " of another log, of which this one knows nothing"));
}

Result<Position> chosen_place(store::ReadTransaction& log, const Position& head, const Position& removed,
                              std::uint64_t after) {
  if (after == 0) return Position{.epoch = head.epoch};
  if (after == removed.seq) return Position{head.epoch, removed.seq, removed.hash};
  return position_at(log, after);
}

}  // namespace

void renew(store::Transaction& transaction, const Uuid& epoch, Timestamp now) {
  const auto before = transaction.find<Uuid>("SELECT epoch FROM banyan_log WHERE id = 1");
  if (!before) return;  // nobody has ever heard of a log that was not begun
  const Position head = last_row(transaction, *before);
  transaction.execute(lineage_table);
  transaction.execute(
      "INSERT INTO banyan_lineage (epoch, until, hash, replaced_at) VALUES (?1, ?2, ?3, ?4) "
      "ON CONFLICT (epoch) DO UPDATE SET until = ?2, hash = ?3, replaced_at = ?4",
      head.epoch, head.seq, blob(head.hash), now);
  transaction.execute("UPDATE banyan_log SET epoch = ?1 WHERE id = 1", epoch);
}

void follow(store::Transaction& transaction, const std::string& producer, const Uuid& before,
            const Uuid& after) {
  transaction.execute("UPDATE banyan_inbox SET epoch = ?3 WHERE producer = ?1 AND epoch IN (?2, ?4)",
                      producer, before, after, Uuid{});
}

void begin_with(store::Transaction& transaction, const std::string& producer, const Uuid& epoch) {
  transaction.execute(
      "INSERT INTO banyan_inbox (producer, epoch, seq, hash) VALUES (?1, ?2, 0, ?3) "
      "ON CONFLICT (producer) DO NOTHING",
      producer, epoch, blob(ChainHash{}));
}

Result<Resumption> resumption(store::ReadTransaction& log, std::string_view subscriber, const Position& at,
                              std::optional<std::uint64_t> after) {
  const auto epoch = log.find<Uuid>("SELECT epoch FROM banyan_log WHERE id = 1");
  if (!epoch) return unknown_fork("the log was never begun");
  if (!misplacement(log, subscriber, at)) {
    return Error{Errc::conflict, "delivery.not_stopped",
                 "the subscriber is at row " + std::to_string(at.seq) + " of this very log"};
  }
  const Position head = last_row(log, *epoch);
  const Position removed = last_removed(log);
  const auto common = after ? chosen_place(log, head, removed, *after) : common_place(log, head, removed, at);
  if (!common.ok()) return common.error();
  Resumption plan{.at = at, .common = common.value().seq, .to = common.value()};
  if (plan.common < removed.seq) {
    plan.to = {*epoch, removed.seq, removed.hash};
    plan.missing = removed.seq - plan.common;
  }
  plan.lost = at.seq > plan.common ? at.seq - plan.common : 0;
  plan.following = head.seq > plan.to.seq ? head.seq - plan.to.seq : 0;
  return plan;
}

// Two logs that agree at one row agree on all before it: the last such row is found by halving.
Result<std::uint64_t> fork(store::ReadTransaction& log, store::ReadTransaction& other, const Position& at) {
  const Position removed = last_removed(log);
  const Position other_removed = last_removed(other);
  if (at.seq > 0 && hash_in(other, other_removed, at.seq) != at.hash) {
    return Error{Errc::invalid_argument, "delivery.not_followed",
                 "it has no row " + std::to_string(at.seq) + " as the subscriber knows it"};
  }
  const auto agree = [&](std::uint64_t seq) {
    const auto hash = hash_in(log, removed, seq);
    return seq == 0 || (hash && hash == hash_in(other, other_removed, seq));
  };
  const std::uint64_t first = std::max(removed.seq, other_removed.seq);
  if (!agree(first)) return unknown_fork("the rows up to which both agree are gone");
  std::uint64_t low = first;
  std::uint64_t high = std::min({last_row(log, {}).seq, last_row(other, {}).seq, at.seq});
  while (low < high) {
    const std::uint64_t middle = low + (high - low + 1) / 2;
    agree(middle) ? low = middle : high = middle - 1;
  }
  return low;
}

std::vector<RowName> rows_between(store::ReadTransaction& log, std::uint64_t after, std::uint64_t last,
                                  std::int64_t rows_max) {
  auto row = log.query(
      "SELECT seq, coalesce(json_extract(headers, '$.id'), ''), type FROM banyan_outbox "
      "WHERE seq > ?1 AND seq <= ?2 ORDER BY seq LIMIT ?3",
      after, last, rows_max);
  std::vector<RowName> rows;
  while (row.next())
    rows.push_back({row.get<std::uint64_t>(0), row.get<std::string>(1), row.get<std::string>(2)});
  return rows;
}

std::vector<RowName> parked_behind(store::ReadTransaction& subscriber, const std::string& producer,
                                   std::uint64_t common) {
  auto row = subscriber.query(
      "SELECT seq, coalesce(json_extract(headers, '$.id'), ''), type FROM banyan_parked "
      "WHERE producer = ?1 AND seq > ?2 ORDER BY seq",
      producer, common);
  std::vector<RowName> rows;
  while (row.next())
    rows.push_back({row.get<std::uint64_t>(0), row.get<std::string>(1), row.get<std::string>(2)});
  return rows;
}

bool resume_at(store::Transaction& subscriber, const std::string& producer, const Resumption& plan,
               std::string_view note, Timestamp now) {
  const auto moved = subscriber.execute(
      "UPDATE banyan_inbox SET epoch = ?2, seq = ?3, hash = ?4, replayed_until = min(replayed_until, ?8) "
      "WHERE producer = ?1 AND epoch = ?5 AND seq = ?6 AND hash = ?7",
      producer, plan.to.epoch, plan.to.seq, blob(plan.to.hash), plan.at.epoch, plan.at.seq,
      blob(plan.at.hash), plan.common);
  if (moved != 1) return false;
  if (plan.lost > 0) {
    subscriber.execute("DELETE FROM banyan_parked WHERE producer = ?1 AND seq > ?2", producer, plan.common);
  }
  subscriber.execute(intervention_table);
  subscriber.execute("INSERT INTO banyan_intervention (at, what) VALUES (?1, ?2)", now, note);
  return true;
}

}  // namespace banyan::delivery
