#include "banyan/delivery/age.hpp"

namespace banyan::delivery {
namespace {

constexpr Duration save_period = std::chrono::minutes{1};

}  // namespace

void StoreAge::open(store::ReadTransaction& transaction, IdSource& ids, Instant now) {
  if (is_open_) return;
  auto row = transaction.query("SELECT age, ids FROM banyan_age WHERE id = 1");
  if (row.next()) {
    ahead_ = row.get<Age>(0).time_since_epoch() - now.time_since_epoch();
    ids.raise(row.get<std::int64_t>(1));
  } else {
    ahead_ = -now.time_since_epoch();
  }
  saved_at_ = now;
  is_open_ = true;
}

void StoreAge::save(store::Transaction& transaction, const IdSource& ids, Instant now) {
  saved_at_ = now;  // also if it fails: it is tried with the next change, or in a minute
  transaction.execute(
      "INSERT INTO banyan_age (id, age, ids) VALUES (1, ?1, ?2) "
      "ON CONFLICT (id) DO UPDATE SET age = ?1, ids = ?2",
      at(now), ids.high_water());
}

bool StoreAge::is_due(Instant now) const noexcept { return now - saved_at_ >= save_period; }

Moment StoreAge::now(const Clock& clock) const {
  const Instant instant = clock.now();
  return {.utc = clock.utc(), .age = at(instant), .instant = instant};
}

}  // namespace banyan::delivery
