#include "banyan/testing/seeded_random.hpp"

#include <algorithm>
#include <cstring>

namespace banyan::testing {

void SeededRandom::fill(std::span<std::byte> bytes) {
  const std::lock_guard lock{mutex_};
  while (!bytes.empty()) {
    const std::uint64_t word = engine_();
    const std::size_t count = std::min(bytes.size(), sizeof word);
    std::memcpy(bytes.data(), &word, count);
    bytes = bytes.subspan(count);
  }
}

}  // namespace banyan::testing
