#pragma once
#include <cstddef>
#include <span>

#include "banyan/delivery/link.hpp"
#include "banyan/store/transaction.hpp"

namespace banyan::delivery {

/// As a column keeps it.
ChainHash to_hash(std::span<const std::byte> blob);

/// The last row of the log; seq 0 if it has none.
Position last_row(store::ReadTransaction& log, const Uuid& epoch);

}  // namespace banyan::delivery
