#pragma once
#include <cstddef>
#include <string>

namespace banyan::testing {

/// While one exists, calls of this process on files fail as told: the C library's own functions are
/// replaced in a program that links this, so that SQLite meets with what a disk would do to it.
///
///   FaultyDisk disk;
///   disk.fail(FaultyDisk::Call::read, EIO, "store.db$");  // each from now on
///   disk.heal();
///
/// Threads: safe. One at a time.
class FaultyDisk {
 public:
  enum class Call : unsigned char { read, write, sync, sync_folder, truncate, open };

  FaultyDisk();
  ~FaultyDisk();
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;

  /// Each call on a file whose path contains `file` fails with `error`, an errno, after `sound` of them. A
  /// path ends with "$" here.
  void fail(Call call, int error, std::string file = "", std::size_t sound = 0);
  /// One call fails, the next ones do not.
  void fail_once(Call call, int error, std::string file = "", std::size_t sound = 0);
  void heal();

  /// How many calls have failed so far.
  std::size_t failed() const;
};

}  // namespace banyan::testing
