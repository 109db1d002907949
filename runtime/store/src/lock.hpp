#pragma once
#include "banyan/base/result.hpp"
#include "banyan/store/options.hpp"
#include "directory.hpp"

namespace banyan::store {

/// The right to write to a directory's store. The kernel gives it up when the object or the process ends,
/// however it ends; the file stays.
class DirectoryLock {
 public:
  /// Errors: conflict "store.in_use"; unavailable "store.directory".
  static Result<DirectoryLock> take(const Options& options);

 private:
  explicit DirectoryLock(Descriptor file) noexcept : file_(std::move(file)) {}

  Descriptor file_;
};

}  // namespace banyan::store
