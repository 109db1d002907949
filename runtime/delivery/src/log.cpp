#include "log.hpp"

#include <algorithm>
#include <vector>

namespace banyan::delivery {

ChainHash to_hash(std::span<const std::byte> blob) {
  ChainHash hash{};
  std::copy_n(blob.begin(), std::min(blob.size(), hash.size()), hash.begin());
  return hash;
}

Position last_row(store::ReadTransaction& log, const Uuid& epoch) {
  auto last = log.query("SELECT seq, hash FROM banyan_outbox ORDER BY seq DESC LIMIT 1");
  if (!last.next()) return {.epoch = epoch};
  return {epoch, last.get<std::uint64_t>(0), to_hash(last.get<std::vector<std::byte>>(1))};
}

// A store that no version has opened that keeps it: the first row that is there stands for it, and is taken
// as it is.
Position last_removed(store::ReadTransaction& log) {
  const bool is_kept = log.query("SELECT 1 FROM sqlite_schema WHERE name = 'banyan_removed'").next();
  auto row = is_kept ? log.query("SELECT seq, hash FROM banyan_removed")
                     : log.query(
                           "SELECT seq, hash FROM banyan_outbox WHERE seq > 1 AND seq = "
                           "(SELECT min(seq) FROM banyan_outbox)");
  if (!row.next()) return {};
  return {.epoch = {}, .seq = row.get<std::uint64_t>(0), .hash = to_hash(row.get<std::vector<std::byte>>(1))};
}

std::optional<ChainHash> hash_in(store::ReadTransaction& log, const Position& removed, std::uint64_t seq) {
  if (seq == removed.seq) return removed.hash;
  const auto hash = log.find<std::vector<std::byte>>("SELECT hash FROM banyan_outbox WHERE seq = ?1", seq);
  return hash ? std::optional{to_hash(*hash)} : std::nullopt;
}

}  // namespace banyan::delivery
