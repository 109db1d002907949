#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "banyan/base/result.hpp"
#include "banyan/delivery/link.hpp"
#include "banyan/store/transaction.hpp"

/// Which logs a restored one comes from, and how a link whose two ends have come apart goes on.
/// Everything here throws store::Failure.
namespace banyan::delivery {

/// Makes the log of a restored store a new incarnation with this epoch: what was sent of it before, and may
/// still lie in a broker, is of another log then. It keeps in mind what it has in common with that one.
void renew(store::Transaction& transaction, const Uuid& epoch, Timestamp now);

/// Lets the subscriber's position in the log of `producer`, which has been renewed, follow on: it stays at
/// its row. A position in any other log than `before` stays as it is. Does nothing if there is none.
void follow(store::Transaction& transaction, const std::string& producer, const Uuid& before,
            const Uuid& after);

/// Puts a subscriber that has never heard of the log of `producer` before its first row: it takes nothing of
/// another log then. Does nothing if it has a position.
void begin_with(store::Transaction& transaction, const std::string& producer, const Uuid& epoch);

/// How a stopped link can go on.
struct Resumption {
  Position at;                  ///< Where the subscriber is.
  std::uint64_t common = 0;     ///< The last row that both have in common.
  Position to;                  ///< Where it goes on in the producer's log.
  std::uint64_t lost = 0;       ///< So many rows of a log that is gone lie between `common` and `at`.
  std::uint64_t missing = 0;    ///< So many rows behind `common` the log has not any more.
  std::uint64_t following = 0;  ///< So many rows of the log lie behind `to`.
};

/// One row of a log, or a parked message, for people.
struct RowName {
  std::uint64_t seq;
  std::string id;
  std::string type;
};

/// How `subscriber`, which is `at` that position, goes on in this store's log. `after` says which row both
/// have in common where that can't be known; else nothing. Errors:
///  - conflict         "delivery.not_stopped":  it is at a place of this log already.
///  - data_loss        "delivery.unknown_fork": neither hashes nor restores tell what both have in common.
///  - invalid_argument "delivery.position_ahead", not_found "delivery.not_retained": `after` is no row here.
Result<Resumption> resumption(store::ReadTransaction& log, std::string_view subscriber, const Position& at,
                              std::optional<std::uint64_t> after);

/// The last row that this log and `other`, in which `at` is a place, have in common. Errors:
/// invalid_argument "delivery.not_followed": `at` is no place in `other`; data_loss "delivery.unknown_fork".
Result<std::uint64_t> fork(store::ReadTransaction& log, store::ReadTransaction& other, const Position& at);

/// Rows of a log, beginning behind `after`, up to and with `last`; `rows_max` at most.
std::vector<RowName> rows_between(store::ReadTransaction& log, std::uint64_t after, std::uint64_t last,
                                  std::int64_t rows_max);

/// The messages that the subscriber has parked of a log that is gone: rows behind `common`.
std::vector<RowName> parked_behind(store::ReadTransaction& subscriber, const std::string& producer,
                                   std::uint64_t common);

/// Lets the subscriber go on as planned, unless it has moved since: false, and nothing is changed. What it
/// has parked of a log that is gone goes, and `note` is kept in the table banyan_intervention.
bool resume_at(store::Transaction& subscriber, const std::string& producer, const Resumption& plan,
               std::string_view note, Timestamp now);

}  // namespace banyan::delivery
