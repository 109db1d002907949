#pragma once
#include <optional>
#include <string>
#include <unordered_set>

#include "banyan/message/endpoint.hpp"
#include "banyan/message/registry.hpp"
#include "banyan/store/transaction.hpp"

namespace banyan::delivery {

/// The stored answers to commands that carried an idempotency key, in the module's own database. Only what
/// was done is stored: a refused command changed nothing and may be tried again under its key.
///
/// Threads: one, the writer's.
class Answers {
 public:
  explicit Answers(const message::Registry& registry) : registry_(registry) {}

  /// The answer if the key was used before; nothing if it is new. It is of the type `expected`: else
  /// data_loss "idempotency.unknown_type", as somebody has changed the store.
  /// Errors: already_exists "idempotency.key_reused" (another fingerprint); conflict "idempotency.in_flight"
  /// (its command is in the open transaction).
  Result<std::optional<message::Payload>> find(store::ReadTransaction& transaction,
                                               const std::string& principal,
                                               const message::Idempotency& idempotency,
                                               const message::Descriptor& expected) const;

  /// To a request whose key belongs to another one that is not answered yet.
  static Error in_flight();

  /// In the transaction of the effect. Throws store::Failure.
  void store(store::Transaction& transaction, const std::string& principal,
             const message::Idempotency& idempotency, const message::Payload& answer, Age now);

  /// The open transaction ended, either way.
  void transaction_ended() { in_flight_.clear(); }

  /// Removes answers made before `made_before`, at most `rows_max`.
  static std::int64_t prune(store::Transaction& transaction, Age made_before, std::int64_t rows_max);

 private:
  const message::Registry& registry_;
  std::unordered_set<std::string> in_flight_;
};

}  // namespace banyan::delivery
