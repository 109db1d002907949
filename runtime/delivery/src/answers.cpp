#include "banyan/delivery/answers.hpp"

namespace banyan::delivery {
namespace {

std::string place(const std::string& principal, const std::string& key) { return principal + '\n' + key; }

}  // namespace

Result<std::optional<message::Payload>> Answers::find(store::ReadTransaction& transaction,
                                                      const std::string& principal,
                                                      const message::Idempotency& idempotency,
                                                      const message::Descriptor& expected) const {
  auto row = transaction.query(
      "SELECT fingerprint, type, answer FROM banyan_answer WHERE principal = ?1 AND key = ?2", principal,
      idempotency.key);
  if (!row.next()) return std::optional<message::Payload>{};
  if (row.get<std::string_view>(0) != idempotency.fingerprint) {
    return Error{Errc::already_exists, "idempotency.key_reused",
                 "the key was used for another request; use a new key"};
  }
  if (in_flight_.contains(place(principal, idempotency.key))) {
    return in_flight();
  }
  const message::Descriptor* type = registry_.find(row.get<std::string_view>(1));
  if (type != &expected) {
    return Error{Errc::data_loss, "idempotency.unknown_type", row.get<std::string>(1)};
  }
  auto answer = message::decode(*type, row.get<std::string_view>(2));
  if (!answer.ok()) return answer.error();
  return std::optional{std::move(answer).value()};
}

Error Answers::in_flight() {
  return {Errc::conflict, "idempotency.in_flight", "the first request with this key is under way"};
}

void Answers::store(store::Transaction& transaction, const std::string& principal,
                    const message::Idempotency& idempotency, const message::Payload& answer, Age now) {
  transaction.execute(
      "INSERT INTO banyan_answer (principal, key, fingerprint, type, answer, age) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
      principal, idempotency.key, idempotency.fingerprint, answer.type().type, answer.to_json(), now);
  in_flight_.insert(place(principal, idempotency.key));
}

std::int64_t Answers::prune(store::Transaction& transaction, Age made_before, std::int64_t rows_max) {
  return transaction.execute(
      "DELETE FROM banyan_answer WHERE n <= (SELECT max(n) FROM "
      "(SELECT n, age FROM banyan_answer ORDER BY n LIMIT ?2) WHERE age < ?1)",
      made_before, rows_max);
}

}  // namespace banyan::delivery
