#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "banyan/base/result.hpp"
#include "banyan/store/options.hpp"
#include "banyan/store/transaction.hpp"

namespace banyan::store {

class DirectoryLock;

/// Work on a whole store from outside of the process that serves it.

/// success() if there is a store. Errors: not_found "store.not_there".
Status check_there(const Options& store);

/// success() if no process has the store for writing, or there is no store yet. Errors: conflict
/// "store.in_use", the detail says by whom; unavailable "store.directory".
Status check_free(const Options& store);

/// In a store's directory while a restore fills it; what it holds is the restore's.
inline constexpr const char* restoring_file = "restoring";
/// success() if no restore into the directory was begun and not finished. Errors: conflict
/// "store.restoring".
Status check_restored(const Options& store);

/// The faults of the file and of its foreign keys, a line each; empty if all is well. Through a
/// connection of its own, on any thread, in any process, while the store is in use; takes long on a large
/// store, and the write-ahead log can't start over meanwhile. Errors: not_found "store.not_there"; those of
/// Failure.
Result<std::vector<std::string>> integrity_problems(const Options& store);

/// Keeps every process from opening a store for writing, for as long as it lives.
class Claim {
 public:
  /// Makes the store's directory if it is missing. Errors: conflict "store.in_use", the detail says by whom;
  /// unavailable "store.directory".
  static Result<Claim> take(const Options& store);
  Claim(Claim&&) noexcept;
  Claim& operator=(Claim&&) noexcept;
  ~Claim();

 private:
  explicit Claim(std::unique_ptr<DirectoryLock> lock);

  std::unique_ptr<DirectoryLock> lock_;
};

/// Changes a store that nobody uses: all of `work`, durably, or nothing of it. A Failure that `work` throws
/// is the error. `store` lies in the claimed directory, under any name. Errors: not_found "store.not_there";
/// those of Failure.
Status edit(const Claim& claim, const Options& store, const std::function<void(Transaction&)>& work);

}  // namespace banyan::store
