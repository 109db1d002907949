#include "lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

namespace banyan::store {
namespace {

std::string owner_of(const Descriptor& file) {
  std::array<char, 32> text{};
  const ssize_t size = ::pread(file.number(), text.data(), text.size(), 0);
  return size > 0 ? "process " + std::string(text.data(), static_cast<std::size_t>(size)) : "another process";
}

Status write_owner(const Descriptor& file) {
  const std::string pid = std::to_string(::getpid());
  const bool written = ::ftruncate(file.number(), 0) == 0 &&
                       ::pwrite(file.number(), pid.data(), pid.size(), 0) == static_cast<ssize_t>(pid.size());
  // On a full disk the lock holds all the same, only nameless.
  return written || errno == ENOSPC ? success() : Status{system_error("lock")};
}

}  // namespace

Result<DirectoryLock> DirectoryLock::take(const Options& options) {
  const std::string path = path_of(options, "lock");
  Descriptor file{::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600)};
  if (!file.is_open()) return system_error(path);
  if (::flock(file.number(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return system_error(path);
    return Error{Errc::conflict, "store.in_use",
                 owner_of(file) + " holds " + path + ": stop it, or choose another data directory"};
  }
  if (const Status written = write_owner(file); !written.ok()) return written.error();
  return DirectoryLock{std::move(file)};
}

}  // namespace banyan::store
