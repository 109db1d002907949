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

}  // namespace banyan::delivery
