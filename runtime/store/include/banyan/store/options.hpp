#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "banyan/base/clock.hpp"
#include "banyan/base/error.hpp"

namespace banyan::store {

/// The events that a commit survives.
enum class Durability : std::uint8_t {
  full,    ///< Power loss: an fsync per commit.
  normal,  ///< The end of the process; the latest commits may be gone after a power loss.
};

struct Options {
  std::string directory;               ///< Of this store alone. Made if it is missing, mode 0700.
  std::string file_name = "store.db";  ///< Beside it lie its -wal and -shm, "lock" and "ballast".
  Durability durability = Durability::full;
  std::size_t page_cache_bytes = 8 << 20;  ///< Of each connection, filled as needed.
  std::size_t wal_keep_bytes = 16 << 20;   ///< To what the write-ahead log is cut when it starts over.
  std::size_t ballast_bytes = 16 << 20;    ///< Kept back for when the disk is full: more than the log grows.
  std::size_t free_min_bytes = 8 << 20;    ///< With less free space the store counts as full.
  Duration read_age_max = std::chrono::seconds{2};  ///< Of a Reader's transaction; older ones fail.

  /// Called when an fsync has failed: nobody knows any more what is on the disk, and asking again gives a
  /// wrong answer. Does not return in production: the default prints the error to stderr and ends the process
  /// with 70 (EX_SOFTWARE). If it returns, the store refuses all further work.
  std::function<void(const Error&)> on_fatal = end_process;

  [[noreturn]] static void end_process(const Error& error);
};

}  // namespace banyan::store
