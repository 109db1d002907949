#pragma once
#include <string>

namespace banyan::testing {

/// A new directory below $TMPDIR, or where that is not set in memory if the system has a place for it.
/// Removed with all that is in it.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

}  // namespace banyan::testing
