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
void add(store::Transaction& transaction, const Emission& emission, Instant now);

struct Due {
  std::vector<message::ParcelPtr> parcels = {};
  std::vector<Error> unreadable = {};  ///< data_loss "delivery.bad_row", for each row put off.
};
/// Takes out the messages that are due, at most `rows_max`. What can't be read is put off for an hour, and
/// holds up no other: a version of the program that knows it may come.
Due take_due(store::Transaction& transaction, Timestamp now, Instant instant,
             const message::Registry& registry, std::int64_t rows_max);
std::optional<Timestamp> next_due(store::ReadTransaction& transaction);

}  // namespace timers
}  // namespace banyan::delivery
