#include "banyan/delivery/parked.hpp"

#include "banyan/message/undecoded.hpp"

namespace banyan::delivery {
namespace {

constexpr std::string_view columns =
    "SELECT producer, seq, type, key, state, attempts, next_attempt, parked_at, cause, headers, payload, "
    "is_suspect, age FROM banyan_parked ";

ParkedMessage to_message(const store::Rows& row) {
  return {.producer = row.get<std::string>(0),
          .seq = row.get<std::uint64_t>(1),
          .type = row.get<std::string>(2),
          .key = row.get<std::string>(3),
          .state = static_cast<ParkedState>(row.get<int>(4)),
          .attempts = row.get<int>(5),
          .next_attempt = row.get<Age>(6),
          .parked_at = row.get<Timestamp>(7),
          .age = row.get<Age>(12),
          .cause = row.get<std::string>(8),
          .headers = row.get<std::string>(9),
          .payload = row.get<std::string>(10),
          .is_suspect = row.get<int>(11) != 0};
}

std::string to_cause(const Error& error) { return error.reason() + ": " + error.detail(); }

}  // namespace

std::string_view to_string(ParkedState state) noexcept {
  switch (state) {
    case ParkedState::retrying:
      return "retrying";
    case ParkedState::waiting:
      return "waiting";
    case ParkedState::dead:
      return "dead";
  }
  return "unknown";
}

void Parked::open(store::ReadTransaction& transaction) {
  keys_.clear();
  count_ = dead_ = 0;
  auto rows = transaction.query("SELECT producer, key, state FROM banyan_parked");
  while (rows.next()) {
    ++count_;
    if (const auto key = rows.get<std::string>(1); !key.empty()) ++keys_[{rows.get<std::string>(0), key}];
    if (static_cast<ParkedState>(rows.get<int>(2)) == ParkedState::dead) ++dead_;
  }
}

bool Parked::is_parked(const std::string& producer, const message::Parcel& parcel) const {
  return count_ > 0 && keys_.contains({producer, parcel.envelope.key});
}

void Parked::park(store::Transaction& transaction, const std::string& producer, const Delivery& delivery,
                  const std::optional<Error>& cause, const Moment& now, Age next_attempt) {
  const ParkedState state = !cause                  ? ParkedState::waiting
                            : next_attempt == never ? ParkedState::dead
                                                    : ParkedState::retrying;
  add(transaction, delivery,
      {.producer = producer,
       .state = state,
       .attempts = cause ? 1 : 0,
       .next_attempt = next_attempt,
       .parked_at = now.utc,
       .age = now.age,
       .cause = cause ? to_cause(*cause) : std::string{}},
      now.instant);
}

void Parked::suspect(store::Transaction& transaction, const std::string& producer, const Delivery& delivery,
                     const Moment& now) {
  add(transaction, delivery,
      {.producer = producer,
       .next_attempt = now.age,
       .parked_at = now.utc,
       .age = now.age,
       .is_suspect = true},
      now.instant);
}

void Parked::add(store::Transaction& transaction, const Delivery& delivery, const ParkedMessage& as,
                 Instant now) {
  const auto& [envelope, payload] = *delivery.parcel;
  transaction.execute(
      "INSERT INTO banyan_parked (producer, seq, type, key, state, attempts, next_attempt, parked_at, "
      "cause, headers, payload, is_suspect, age) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, "
      "?13)",
      as.producer, delivery.seq, message::type_name(payload), envelope.key, static_cast<int>(as.state),
      as.attempts, as.next_attempt, as.parked_at, as.cause, message::to_headers(envelope, now),
      payload.to_json(), static_cast<int>(as.is_suspect), as.age);
  ++count_;
  if (!envelope.key.empty()) ++keys_[{as.producer, envelope.key}];
  if (as.state == ParkedState::dead) ++dead_;
}

std::vector<ParkedMessage> Parked::due(store::ReadTransaction& transaction, Age now, std::int64_t rows_max) {
  std::vector<ParkedMessage> all;
  auto rows = transaction.query(
      std::string{columns} +
          "WHERE state = 1 AND next_attempt <= ?1 ORDER BY is_suspect DESC, next_attempt, seq LIMIT ?2",
      now, rows_max);
  while (rows.next() && (all.empty() || !all.front().is_suspect)) all.push_back(to_message(rows));
  return all;
}

std::optional<Age> Parked::next_due(store::ReadTransaction& transaction) {
  if (count_ == 0) return std::nullopt;
  return transaction.find<Age>(
      "SELECT next_attempt FROM banyan_parked WHERE state = 1 ORDER BY next_attempt LIMIT 1");
}

void Parked::count_attempt(store::Transaction& transaction, const ParkedMessage& message, Age next_attempt) {
  transaction.execute(
      "UPDATE banyan_parked SET attempts = attempts + 1, next_attempt = ?3, is_suspect = 1 "
      "WHERE producer = ?1 AND seq = ?2",
      message.producer, message.seq, next_attempt);
}

void Parked::postpone(store::Transaction& transaction, const ParkedMessage& message, Age next_attempt) {
  transaction.execute("UPDATE banyan_parked SET next_attempt = ?3 WHERE producer = ?1 AND seq = ?2",
                      message.producer, message.seq, next_attempt);
}

void Parked::failed(store::Transaction& transaction, const ParkedMessage& message, const Error& cause,
                    bool is_last) {
  transaction.execute(
      "UPDATE banyan_parked SET cause = ?3, state = ?4, is_suspect = 0 "
      "WHERE producer = ?1 AND seq = ?2",
      message.producer, message.seq, to_cause(cause),
      static_cast<int>(is_last ? ParkedState::dead : ParkedState::retrying));
  if (is_last) ++dead_;
}

void Parked::resolve(store::Transaction& transaction, const ParkedMessage& message, Age now) {
  transaction.execute("DELETE FROM banyan_parked WHERE producer = ?1 AND seq = ?2", message.producer,
                      message.seq);
  --count_;
  if (message.state == ParkedState::dead) --dead_;
  if (message.key.empty()) return;
  const auto key = keys_.find({message.producer, message.key});
  if (--key->second == 0) {
    keys_.erase(key);
    return;
  }
  transaction.execute(
      "UPDATE banyan_parked SET state = 1, next_attempt = ?3 WHERE producer = ?1 AND seq = "
      "(SELECT min(seq) FROM banyan_parked WHERE producer = ?1 AND key = ?2)",
      message.producer, message.key, now);
}

bool Parked::revive(store::Transaction& transaction, const std::string& producer, std::uint64_t seq,
                    Age now) {
  const auto changed = transaction.execute(
      "UPDATE banyan_parked SET state = 1, attempts = 0, next_attempt = ?3 "
      "WHERE producer = ?1 AND seq = ?2 AND state = 3",
      producer, seq, now);
  if (changed == 1) --dead_;
  return changed == 1;
}

std::optional<ParkedMessage> Parked::find(store::ReadTransaction& transaction, const std::string& producer,
                                          std::uint64_t seq) {
  auto row = transaction.query(std::string{columns} + "WHERE producer = ?1 AND seq = ?2", producer, seq);
  return row.next() ? std::optional{to_message(row)} : std::nullopt;
}

std::vector<ParkedMessage> Parked::list(store::ReadTransaction& transaction,
                                        const std::string& after_producer, std::uint64_t after_seq,
                                        std::int64_t rows_max) {
  std::vector<ParkedMessage> all;
  auto rows = transaction.query(
      std::string{columns} + "WHERE (producer, seq) > (?1, ?2) ORDER BY producer, seq LIMIT ?3",
      after_producer, after_seq, rows_max);
  while (rows.next()) all.push_back(to_message(rows));
  return all;
}

}  // namespace banyan::delivery
