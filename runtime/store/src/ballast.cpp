#include "ballast.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "directory.hpp"

namespace banyan::store {

Ballast::Ballast(const Options& options)
    : directory_(options.directory),
      file_(path_of(options, "ballast")),
      bytes_(options.ballast_bytes),
      free_min_bytes_(options.free_min_bytes) {
  struct stat found {};
  held_ = ::stat(file_.c_str(), &found) == 0 && static_cast<std::uint64_t>(found.st_size) == bytes_;
}

void Ballast::release() noexcept {
  ::unlink(file_.c_str());
  held_ = false;
}

bool Ballast::is_disk_full() {
  if (!held_ && free_bytes() >= bytes_ + free_min_bytes_) held_ = fill();
  return !held_ || free_bytes() < free_min_bytes_;
}

bool Ballast::fill() {
  if (bytes_ == 0) return true;
  const Descriptor file{::open(file_.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600)};
  if (file.is_open() && ::posix_fallocate(file.number(), 0, static_cast<off_t>(bytes_)) == 0) return true;
  release();
  return false;
}

std::uint64_t Ballast::free_bytes() const {
  struct statvfs disk {};
  if (::statvfs(directory_.c_str(), &disk) != 0) return 0;
  return std::uint64_t{disk.f_bavail} * disk.f_frsize;
}

}  // namespace banyan::store
