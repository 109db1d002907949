#pragma once
#include <atomic>
#include <cstddef>
#include <mutex>
#include <optional>

#include "banyan/base/result.hpp"
#include "banyan/module/instance.hpp"
#include "banyan/telemetry/log.hpp"

namespace banyan::module {

/// The failures of a module's store. Each kind of work has its last error until it succeeds again; while the
/// store can't commit, has no room, or its write-ahead log is too long, the module takes no new work.
///
/// Tells the log when a kind begins to fail and when it succeeds again, not in between. Threads: safe.
class StoreState {
 public:
  explicit StoreState(telemetry::Log log) : log_(std::move(log)) {}

  /// Of begin() or of commit(). An error that is not the disk's is none here.
  void commit_failed(const Error& why);
  /// Something was written and is durable.
  void written();
  void read(const Status& outcome);
  void checkpointed(const Status& outcome);
  /// Bytes that wait in the write-ahead log, and how many of them are too many.
  void log_holds(std::size_t bytes, std::size_t bytes_max);
  void disk_is_full(bool is_full) { is_full_ = is_full; }

  bool takes_work() const noexcept { return !is_full_ && !is_too_long_ && !can_not_commit_; }
  /// Why not, and what to do.
  Status work() const;
  bool is_log_too_long() const noexcept { return is_too_long_; }
  bool can_commit() const noexcept { return !can_not_commit_; }
  void describe(Health& health) const;

 private:
  void change(std::optional<Error>& trouble, const char* work, const Status& outcome);

  const telemetry::Log log_;
  std::atomic<bool> is_full_ = false;
  std::atomic<bool> is_too_long_ = false;
  std::atomic<bool> can_not_commit_ = false;
  std::atomic<bool> can_not_read_ = false;
  mutable std::mutex mutex_;
  std::size_t log_bytes_ = 0;  // guarded by mutex_, as what follows
  std::size_t log_bytes_max_ = 0;
  std::optional<Error> commits_;
  std::optional<Error> checkpoints_;
  std::optional<Error> reads_;
  std::optional<Error> damage_;
};

}  // namespace banyan::module
