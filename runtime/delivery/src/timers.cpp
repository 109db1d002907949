#include "banyan/delivery/timers.hpp"

#include "banyan/delivery/restore.hpp"

namespace banyan::delivery::timers {

void add(store::Transaction& transaction, const Emission& emission) {
  const message::Parcel& parcel = *emission.parcel;
  transaction.execute(
      "INSERT INTO banyan_timer (due_at, id, type, headers, payload) VALUES (?1, ?2, ?3, ?4, ?5)",
      emission.not_before, parcel.envelope.id, parcel.payload.type().type,
      message::to_headers(parcel.envelope), emission.payload);
}

Result<std::vector<message::ParcelPtr>> take_due(store::Transaction& transaction, Timestamp now,
                                                 const message::Registry& registry, std::int64_t rows_max) {
  std::vector<message::ParcelPtr> due;
  std::vector<std::pair<Timestamp, Uuid>> taken;
  {
    auto rows = transaction.query(
        "SELECT due_at, id, type, headers, payload FROM banyan_timer WHERE due_at <= ?1 ORDER BY due_at, id "
        "LIMIT ?2",
        now, rows_max);
    while (rows.next()) {
      auto parcel = restore(rows.get<std::string_view>(2), rows.get<std::string_view>(3),
                            rows.get<std::string_view>(4), registry);
      if (!parcel.ok()) return parcel.error();
      due.push_back(std::move(parcel).value());
      taken.emplace_back(rows.get<Timestamp>(0), rows.get<Uuid>(1));
    }
  }
  for (const auto& [due_at, id] : taken) {
    transaction.execute("DELETE FROM banyan_timer WHERE due_at = ?1 AND id = ?2", due_at, id);
  }
  return due;
}

std::optional<Timestamp> next_due(store::ReadTransaction& transaction) {
  return transaction.find<Timestamp>("SELECT due_at FROM banyan_timer ORDER BY due_at LIMIT 1");
}

}  // namespace banyan::delivery::timers
