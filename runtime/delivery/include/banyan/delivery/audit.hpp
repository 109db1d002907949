#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "banyan/delivery/link.hpp"
#include "banyan/store/transaction.hpp"

/// A store's proof of its log. It finds changes by accident, or by hand: an attacker who can compute the
/// hashes, can also write them.
namespace banyan::delivery {

/// Rows of a log that are not as they were added. The error is data_loss: "delivery.chain_broken" if they are
/// there, "delivery.log_incomplete" if they are not.
struct BrokenRows {
  std::int64_t first;
  std::int64_t last;
  Error why;
};

/// Goes through a log, from where retention lets it begin, and holds each row against its own hash and the
/// one before it. However long the log is, it keeps one hash. The last rows of a log are not missed: only
/// subscribers that had them know of them.
///
/// Threads: one.
class LogAudit {
 public:
  explicit LogAudit(std::function<void(const BrokenRows&)> report) : report_(std::move(report)) {}

  /// Looks at up to `rows_max` further rows; false when there was none left. The log may grow, and be pruned,
  /// between two calls. Throws store::Failure.
  bool advance(store::ReadTransaction& log, std::int64_t rows_max);

  /// The last row that was looked at.
  std::uint64_t seq() const noexcept { return at_.seq; }

 private:
  void look_before(store::ReadTransaction& log, const Position& removed);
  void skip_to(const Position& removed);
  void look_at(const store::Rows& row);
  void report_changed();

  std::function<void(const BrokenRows&)> report_;
  Position at_;
  bool has_begun_ = false;
  std::uint64_t changed_ = 0;  // how many rows before at_, and at it, do not follow on each other
};

/// Why `position`, as `subscriber` keeps it, is no place in this store's log from which it can go on:
/// data_loss "delivery.diverged", or "delivery.log_incomplete" if rows are gone that it does not have, as far
/// as is noted. Nothing if it is one, as far as the rows that are left can tell. Throws store::Failure.
std::optional<Error> misplacement(store::ReadTransaction& log, std::string_view subscriber,
                                  const Position& position);

}  // namespace banyan::delivery
