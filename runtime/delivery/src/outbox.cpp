#include "banyan/delivery/outbox.hpp"

#include "banyan/delivery/restore.hpp"
#include "log.hpp"

namespace banyan::delivery {

void Outbox::open(store::Transaction& transaction, IdSource& ids, Timestamp now) {
  const auto epoch = transaction.find<Uuid>("SELECT epoch FROM banyan_log WHERE id = 1");
  head_ = last_row(transaction, epoch ? *epoch : ids.next());
  if (!epoch) {
    transaction.execute("INSERT INTO banyan_log (id, epoch, begun_at) VALUES (1, ?1, ?2)", head_.epoch, now);
  }
  committed_ = head_;
}

Delivery Outbox::append(store::Transaction& transaction, const Emission& emission, const Moment& now) {
  const auto& [parcel, not_before, payload] = emission;
  const message::Descriptor& type = parcel->payload.type();
  const std::string headers = message::to_headers(parcel->envelope, now.instant);
  const std::uint64_t seq = head_.seq + 1;
  const ChainHash hash = chain(head_.hash, seq, type.type, headers, payload);
  transaction.execute(
      "INSERT INTO banyan_outbox (seq, type, created_at, headers, payload, hash, age) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
      seq, type.type, now.utc, headers, payload, std::span<const std::byte>{hash}, now.age);
  head_.seq = seq;
  head_.hash = hash;
  return {seq, hash, parcel, payload.size()};
}

// The rows behind `had`, up to `until`, never concern the subscriber. So `until` never goes down while `had`
// stays the same, whatever the caller says. A subscriber that was set back begins earlier; the log still has
// those rows, because its link would have stopped otherwise. An unchanged row costs no write.
void Outbox::note(store::Transaction& transaction, const std::map<std::string, Seen>& seen) {
  for (const auto& [subscriber, now] : seen) {
    transaction.execute(
        "INSERT INTO banyan_subscription (subscriber, had, until) VALUES (?1, ?2, ?3) "
        "ON CONFLICT (subscriber) DO UPDATE SET "
        "had = ?2, until = CASE WHEN had <= ?2 THEN max(until, ?3) ELSE ?3 END "
        "WHERE had <> ?2 OR until < ?3",
        subscriber, now.had, now.until);
  }
}

// The last row always stays: it is the head of the chain. The chain of what stays begins with the hash of the
// last row that went.
std::int64_t Outbox::prune(store::Transaction& transaction, std::uint64_t seq, Age added_before,
                           std::int64_t rows_max) {
  const auto marked = transaction.execute(
      "INSERT INTO banyan_removed (id, seq, hash) SELECT 1, seq, hash FROM banyan_outbox WHERE seq = "
      "(SELECT max(seq) FROM "
      "(SELECT seq, age FROM banyan_outbox WHERE seq <= ?1 AND seq < ?2 ORDER BY seq LIMIT ?4) "
      "WHERE age < ?3) "
      "ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash",
      seq, committed_.seq, added_before, rows_max);
  if (marked == 0) return 0;
  return transaction.execute("DELETE FROM banyan_outbox WHERE seq <= (SELECT seq FROM banyan_removed)");
}

Result<std::vector<Delivery>> OutboxReader::read(std::uint64_t seq, const PageLimits& limits,
                                                 const StoreAge& age) {
  auto rows = transaction_.query(
      "SELECT seq, type, headers, payload, hash, age FROM banyan_outbox WHERE seq > ?1 ORDER BY seq LIMIT ?2",
      seq, limits.rows);
  std::vector<Delivery> all;
  std::size_t bytes = 0;
  while (rows.next()) {
    const auto payload = rows.get<std::string_view>(3);
    bytes += payload.size();
    if (!all.empty() && bytes > limits.bytes) break;
    auto parcel = parcel_in(rows, age.at(rows.get<Age>(5)));
    if (!parcel.ok()) return parcel.error();
    all.push_back({rows.get<std::uint64_t>(0), to_hash(rows.get<std::vector<std::byte>>(4)),
                   std::move(parcel).value(), payload.size()});
  }
  return all;
}

// An invalid body will never become valid, so it is delivered, and the subscriber parks it. An event of an
// unknown type cannot be routed at all.
Result<message::ParcelPtr> OutboxReader::parcel_in(const store::Rows& row, Instant written) {
  const auto type = row.get<std::string_view>(1);
  const auto headers = row.get<std::string_view>(2);
  const auto payload = row.get<std::string_view>(3);
  auto parcel = restore(type, headers, payload, registry_, written);
  if (parcel.ok()) return parcel;
  const message::Descriptor* known = registry_.find(type);
  if (known == nullptr || !is_as_written(row)) return parcel;
  return restore_or_keep(known, type, headers, payload, written);
}

bool OutboxReader::is_as_written(const store::Rows& row) {
  const auto seq = row.get<std::uint64_t>(0);
  auto before = transaction_.find<std::vector<std::byte>>(
      "SELECT hash FROM banyan_outbox WHERE seq = ?1 UNION ALL SELECT hash FROM banyan_removed WHERE seq = "
      "?1",
      seq - 1);
  if (!before && seq > 1) return false;
  return chain(before ? to_hash(*before) : ChainHash{}, seq, row.get<std::string_view>(1),
               row.get<std::string_view>(2),
               row.get<std::string_view>(3)) == to_hash(row.get<std::vector<std::byte>>(4));
}

std::optional<ChainHash> OutboxReader::hash_at(std::uint64_t seq) {
  const auto hash =
      transaction_.find<std::vector<std::byte>>("SELECT hash FROM banyan_outbox WHERE seq = ?1", seq);
  return hash ? std::optional{to_hash(*hash)} : std::nullopt;
}

std::optional<Seen> OutboxReader::seen(std::string_view subscriber) {
  auto row =
      transaction_.query("SELECT had, until FROM banyan_subscription WHERE subscriber = ?1", subscriber);
  if (!row.next()) return std::nullopt;
  return Seen{.had = row.get<std::uint64_t>(0), .until = row.get<std::uint64_t>(1)};
}

}  // namespace banyan::delivery
