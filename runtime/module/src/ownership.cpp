#include "ownership.hpp"

namespace banyan::module {

void Ownership::take(store::Transaction& transaction, Timestamp now) {
  transaction.execute(
      "INSERT INTO banyan_owner (id, epoch, since) VALUES (1, 1, ?1) "
      "ON CONFLICT (id) DO UPDATE SET epoch = epoch + 1, since = ?1",
      now);
  epoch_ =
      static_cast<std::uint64_t>(transaction.find<std::int64_t>("SELECT epoch FROM banyan_owner").value());
}

Status Ownership::check(store::Transaction& transaction) {
  if (has_yielded_) return state();
  const auto epoch = transaction.find<std::int64_t>("SELECT epoch FROM banyan_owner");
  if (epoch && static_cast<std::uint64_t>(*epoch) == epoch_) return success();
  is_superseded_ = true;
  return state();
}

Status Ownership::state() const noexcept {
  if (has_yielded_) {
    return Error{Errc::unavailable, "module.yielded",
                 "another process serves this module; see /health of both"};
  }
  if (!is_superseded_) return success();
  return Error{Errc::unavailable, "module.not_owner", "another process has taken over the store"};
}

}  // namespace banyan::module
