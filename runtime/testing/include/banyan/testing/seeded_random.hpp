#pragma once
#include <cstdint>
#include <mutex>
#include <random>

#include "banyan/base/random.hpp"

namespace banyan::testing {

/// The same seed gives the same bytes. Threads: safe.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
  void fill(std::span<std::byte> bytes) override;

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_;  // guarded by mutex_
};

}  // namespace banyan::testing
