#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "banyan/delivery/link.hpp"
#include "banyan/store/transaction.hpp"

namespace banyan::delivery {

/// As a column keeps it.
ChainHash to_hash(std::span<const std::byte> blob);

/// The last row of the log; seq 0 if it has none.
Position last_row(store::ReadTransaction& log, const Uuid& epoch);

/// The last row that is gone for good, without an epoch; seq 0 if none is.
Position last_removed(store::ReadTransaction& log);

/// The hash at `seq`, also if that is the last row that is gone; nothing where the row is gone.
std::optional<ChainHash> hash_in(store::ReadTransaction& log, const Position& removed, std::uint64_t seq);

}  // namespace banyan::delivery
