#pragma once
#include <cstdint>
#include <string>

#include "banyan/store/options.hpp"

namespace banyan::store {

/// Disk space taken in good times and given up when the disk is full, so that there is room for what deletes.
class Ballast {
 public:
  explicit Ballast(const Options& options);

  void release() noexcept;

  /// Takes the space again once there is enough. Returns whether the disk has become too full for new work.
  bool is_disk_full();

 private:
  bool fill();
  std::uint64_t free_bytes() const;

  std::string directory_;
  std::string file_;
  std::uint64_t bytes_;
  std::uint64_t free_min_bytes_;
  bool held_ = false;
};

}  // namespace banyan::store
