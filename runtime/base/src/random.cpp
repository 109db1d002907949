#include "banyan/base/random.hpp"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "banyan/base/assert.hpp"

namespace banyan {
namespace {

void fill_from_kernel(std::span<std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t got = ::getrandom(bytes.data(), bytes.size(), 0);
    BANYAN_ASSERT(got > 0 || errno == EINTR);
    if (got > 0) bytes = bytes.subspan(static_cast<std::size_t>(got));
  }
}

/// Bytes are handed out once: each is zeroed as it leaves.
class Pool {
 public:
  void take(std::span<std::byte> bytes) {
    while (!bytes.empty()) {
      if (used_ == pool_.size()) refill();
      const std::size_t count = std::min(bytes.size(), pool_.size() - used_);
      const auto begin = pool_.begin() + static_cast<std::ptrdiff_t>(used_);
      std::copy_n(begin, count, bytes.begin());
      std::fill_n(begin, count, std::byte{0});
      used_ += count;
      bytes = bytes.subspan(count);
    }
  }

 private:
  void refill() {
    fill_from_kernel(pool_);
    used_ = 0;
  }

  std::array<std::byte, 1024> pool_{};
  std::size_t used_ = pool_.size();
};

}  // namespace

std::uint64_t Random::next() {
  std::uint64_t value = 0;
  fill(std::as_writable_bytes(std::span{&value, 1}));
  return value;
}

double Random::uniform() {
  constexpr int mantissa_bits = 53;
  return static_cast<double>(next() >> (64 - mantissa_bits)) * 0x1p-53;
}

void SystemRandom::fill(std::span<std::byte> bytes) {
  thread_local Pool pool;
  pool.take(bytes);
}

}  // namespace banyan
