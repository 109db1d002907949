#include "banyan/delivery/timers.hpp"

#include "banyan/delivery/restore.hpp"

namespace banyan::delivery::timers {

void add(store::Transaction& transaction, const Emission& emission, Instant now) {
  const message::Parcel& parcel = *emission.parcel;
  transaction.execute(
      "INSERT INTO banyan_timer (due_at, id, type, headers, payload) VALUES (?1, ?2, ?3, ?4, ?5)",
      emission.not_before, parcel.envelope.id, parcel.payload.type().type,
      message::to_headers(parcel.envelope, now), emission.payload);
}

namespace {

constexpr Duration put_off = std::chrono::hours{1};

struct Row {
  Timestamp due_at;
  Uuid id;
  Result<message::ParcelPtr> parcel;
};

std::vector<Row> read_due(store::ReadTransaction& transaction, Timestamp now, Instant instant,
                          const message::Registry& registry, std::int64_t rows_max) {
  std::vector<Row> all;
  auto rows = transaction.query(
      "SELECT due_at, id, type, headers, payload FROM banyan_timer WHERE due_at <= ?1 ORDER BY due_at, id "
      "LIMIT ?2",
      now, rows_max);
  while (rows.next()) {
    all.push_back({rows.get<Timestamp>(0), rows.get<Uuid>(1),
                   restore(rows.get<std::string_view>(2), rows.get<std::string_view>(3),
                           rows.get<std::string_view>(4), registry, instant)});
  }
  return all;
}

}  // namespace

Due take_due(store::Transaction& transaction, Timestamp now, Instant instant,
             const message::Registry& registry, std::int64_t rows_max) {
  Due due;
  for (Row& row : read_due(transaction, now, instant, registry, rows_max)) {
    if (row.parcel.ok()) {
      transaction.execute("DELETE FROM banyan_timer WHERE due_at = ?1 AND id = ?2", row.due_at, row.id);
      due.parcels.push_back(std::move(row.parcel).value());
    } else {
      transaction.execute("UPDATE banyan_timer SET due_at = ?3 WHERE due_at = ?1 AND id = ?2", row.due_at,
                          row.id, now + put_off);
      due.unreadable.push_back(row.parcel.error());
    }
  }
  return due;
}

std::optional<Timestamp> next_due(store::ReadTransaction& transaction) {
  return transaction.find<Timestamp>("SELECT due_at FROM banyan_timer ORDER BY due_at LIMIT 1");
}

}  // namespace banyan::delivery::timers
