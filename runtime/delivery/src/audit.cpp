#include "banyan/delivery/audit.hpp"

#include <string>
#include <vector>

#include "banyan/delivery/outbox.hpp"
#include "banyan/delivery/position.hpp"
#include "log.hpp"

namespace banyan::delivery {
namespace {

std::string rows(std::int64_t first, std::int64_t last) {
  if (first == last) return "row " + std::to_string(first);
  return "rows " + std::to_string(first) + " to " + std::to_string(last);
}

BrokenRows changed(std::int64_t first, std::int64_t last) {
  const std::string what =
      first == last ? " is not what was added there" : " are not all what was added there";
  return {first, last, Error{Errc::data_loss, "delivery.chain_broken", rows(first, last) + what}};
}

BrokenRows missing(std::int64_t first, std::int64_t last) {
  const std::string what = first == last ? " is missing" : " are missing";
  return {first, last, Error{Errc::data_loss, "delivery.log_incomplete", rows(first, last) + what}};
}

/// As the relay begins: behind the position, or behind what does not concern the subscriber, as was noted.
/// One that has nothing yet begins with what is left.
std::optional<Error> missing_behind(store::ReadTransaction& log, std::string_view subscriber,
                                    std::uint64_t seq, std::uint64_t removed) {
  if (seq == 0 || seq >= removed) return std::nullopt;
  const std::string begins = ", the log begins after " + std::to_string(removed);
  const auto incomplete = [](const std::string& why) {
    return Error{Errc::data_loss, "delivery.log_incomplete", why};
  };
  const std::string at = "the subscriber is at " + std::to_string(seq);
  auto noted = log.query("SELECT had, until FROM banyan_subscription WHERE subscriber = ?1", subscriber);
  if (!noted.next()) return incomplete(at + " and nothing is noted of it" + begins);
  const auto had = noted.get<std::uint64_t>(0);
  const auto until = noted.get<std::uint64_t>(1);
  if (had > seq) return incomplete(at + " and was at " + std::to_string(had) + " before" + begins);
  if (until >= removed) return std::nullopt;
  return incomplete(at + " and is noted to have everything up to " + std::to_string(until) + begins +
                    ", which should have happened only with rows that it has");
}

}  // namespace

bool LogAudit::advance(store::ReadTransaction& log, std::int64_t rows_max) {
  const Position removed = last_removed(log);
  if (!std::exchange(has_begun_, true)) look_before(log, removed);
  skip_to(removed);
  const std::uint64_t before = at_.seq;
  auto row = log.query(
      "SELECT seq, type, headers, payload, hash FROM banyan_outbox WHERE seq > ?1 ORDER BY seq LIMIT ?2",
      before, rows_max);
  while (row.next()) look_at(row);
  if (at_.seq > before) return true;
  report_changed();
  return false;
}

// Nothing that was removed is there again, and one row always stays.
void LogAudit::look_before(store::ReadTransaction& log, const Position& removed) {
  auto row = log.query(
      "SELECT min(seq), max(seq) FROM banyan_outbox WHERE seq <= ?1 AND NOT (seq = ?1 AND hash = ?2)",
      removed.seq, std::span<const std::byte>{removed.hash});
  row.next();
  if (!row.is_null(0)) report_(changed(row.get<std::int64_t>(0), row.get<std::int64_t>(1)));
  const bool is_empty = !log.query("SELECT 1 FROM banyan_outbox LIMIT 1").next();
  const auto next = static_cast<std::int64_t>(removed.seq + 1);
  if (removed.seq > 0 && is_empty) report_(missing(next, next));
}

// Also in the middle: what was pruned since the last call is not missing.
void LogAudit::skip_to(const Position& removed) {
  if (removed.seq <= at_.seq) return;
  report_changed();
  at_ = removed;
}

// The hash that the row has counts for the next one: what one change breaks is told once.
void LogAudit::look_at(const store::Rows& row) {
  const auto seq = row.get<std::uint64_t>(0);
  const ChainHash hash = to_hash(row.get<std::vector<std::byte>>(4));
  const bool is_next = seq == at_.seq + 1;
  const bool follows = is_next && hash == chain(at_.hash, seq, row.get<std::string_view>(1),
                                                row.get<std::string_view>(2), row.get<std::string_view>(3));
  if (!is_next || follows) report_changed();
  if (!is_next) report_(missing(static_cast<std::int64_t>(at_.seq + 1), static_cast<std::int64_t>(seq - 1)));
  if (is_next && !follows) ++changed_;
  at_.seq = seq;
  at_.hash = hash;
}

void LogAudit::report_changed() {
  const auto last = static_cast<std::int64_t>(at_.seq);
  const auto count = static_cast<std::int64_t>(std::exchange(changed_, 0));
  if (count > 0) report_(changed(last - count + 1, last));
}

std::optional<Error> misplacement(store::ReadTransaction& log, std::string_view subscriber,
                                  const Position& position) {
  const auto epoch = log.find<Uuid>("SELECT epoch FROM banyan_log");
  if (!epoch) return Error{Errc::data_loss, "delivery.diverged", "the log was never begun"};
  const Position removed = last_removed(log);
  const auto hash_at = [&](std::uint64_t seq) { return hash_in(log, removed, seq); };
  if (auto diverged = divergence(position, last_row(log, *epoch), hash_at)) return diverged;
  return missing_behind(log, subscriber, position.seq, removed.seq);
}

}  // namespace banyan::delivery
