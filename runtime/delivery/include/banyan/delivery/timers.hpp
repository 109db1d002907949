#pragma once
#include <optional>
#include <string>
#include <vector>

#include "banyan/delivery/tx.hpp"
#include "banyan/message/registry.hpp"

namespace banyan::delivery {

/// Durable delayed messages: rows of the module's own database that become ordinary outbox messages when
/// their time has come. Every function may throw store::Failure.
namespace timers {

/// Keeps it until its time.
void add(store::Transaction& transaction, const Emission& emission);
/// Takes out the messages that are due, at most `rows_max`.
/// Errors: data_loss "delivery.bad_row".
Result<std::vector<message::ParcelPtr>> take_due(store::Transaction& transaction, Timestamp now,
                                                 const message::Registry& registry, std::int64_t rows_max);
std::optional<Timestamp> next_due(store::ReadTransaction& transaction);

}  // namespace timers
}  // namespace banyan::delivery
