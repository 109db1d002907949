#pragma once
#include <cerrno>
#include <optional>
#include <string>

#include "acceptance/shop_process.hpp"
#include "disk_records.h"

namespace fault {

/// Which calls of a process fail.
struct DiskFault {
  disk_call call = disk_sync;
  unsigned first = 1;      ///< The first one that fails, from 1.
  unsigned times = 1;      ///< How many fail; 0: all from there on.
  int error = EIO;         ///< They fail with this errno.
  std::string files = {};  ///< Only calls on paths that contain this are counted, and fail. Empty: on all.
};

/// "sync:3:1:EIO orders/", and back. Throws std::invalid_argument.
std::string to_string(const DiskFault& fault);
DiskFault parse_disk_fault(const std::string& text);

/// The disk that one process is started on, by faulty_disk.c: it may fail, and its changes are written down.
///
/// Threads: mark() and mend() from any.
class FaultyDisk {
 public:
  /// Of the files below `root`, an absolute path. Without a fault it only writes down.
  explicit FaultyDisk(const std::string& root, const std::optional<DiskFault>& fault = {});
  ~FaultyDisk();
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;

  /// The environment that the process needs.
  const acceptance::ShopProcess::Environment& environment() const { return environment_; }
  /// Calls of this kind so far.
  unsigned calls(disk_call call) const;
  /// How many calls were made to fail so far.
  unsigned failed() const;
  /// From now on nothing fails.
  void mend();
  /// Writes into the trace, after all that has ended by now.
  void mark(const std::string& text);
  /// The calls so far, record after record.
  std::string trace() const;

 private:
  const banyan::testing::TemporaryDirectory place_;
  acceptance::ShopProcess::Environment environment_;
  disk_counts* counts_ = nullptr;
  int trace_ = -1;
};

}  // namespace fault
