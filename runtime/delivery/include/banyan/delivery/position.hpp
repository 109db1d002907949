#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "banyan/base/result.hpp"
#include "banyan/delivery/link.hpp"
#include "banyan/store/transaction.hpp"

/// Positions: found in a producer's log, told to people, and held against a log.
namespace banyan::delivery {

/// "<epoch>/<seq>/<hash in hexadecimal digits>".
std::string to_text(const Position& position);
/// Errors: invalid_argument "delivery.bad_position".
Result<Position> parse_position(std::string_view text);

/// The hash at a row of a log; nothing where the row is gone.
using HashAt = std::function<std::optional<ChainHash>(std::uint64_t seq)>;
/// Why `position` is no place in the log that ends at `head`: data_loss "delivery.diverged". Nothing if it is
/// one, or if that can't be told.
std::optional<Error> divergence(const Position& position, const Position& head, const HashAt& hash_at);

/// Where a subscriber of this store's log is that has everything up to `seq`; 0: nothing. Throws
/// store::Failure. Errors: invalid_argument "delivery.position_ahead": the log has not come so far; not_found
/// "delivery.not_retained": what follows, or the row itself, is gone.
Result<Position> position_at(store::ReadTransaction& log, std::uint64_t seq);
/// The same for one that has everything from before `time`. Errors: "delivery.not_retained".
Result<Position> position_before(store::ReadTransaction& log, Timestamp time);

}  // namespace banyan::delivery
