#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace banyan {

/// The only source of chance. Threads: safe.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::byte> bytes) = 0;

  std::uint64_t next();
  /// A uniform value in [0, 1).
  double uniform();
};

/// The kernel's generator (getrandom), buffered per thread.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::byte> bytes) override;
};

}  // namespace banyan
