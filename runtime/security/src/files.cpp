#include "files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace banyan::security {
namespace {

constexpr std::size_t file_max_bytes = 1 << 20;

class Descriptor {
 public:
  explicit Descriptor(int number) noexcept : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const noexcept { return number_; }

 private:
  int number_;
};

Error unreadable(const std::string& path, std::string_view why) {
  return {Errc::unavailable, "security.unreadable", path + ": " + std::string{why}};
}

Error unwritable(const std::string& path) {
  return {Errc::unavailable, "security.unwritable", path + ": " + std::strerror(errno)};
}

Error cannot_open(const std::string& path) {
  if (errno == ENOENT) return {Errc::not_found, "security.no_file", path + " is not there"};
  return unreadable(path, std::strerror(errno));
}

Result<std::string> read_all(const std::string& path, mode_t forbidden) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.number() < 0) return cannot_open(path);
  struct stat facts;
  if (::fstat(file.number(), &facts) != 0) return unreadable(path, std::strerror(errno));
  if (!S_ISREG(facts.st_mode)) return unreadable(path, "is not a regular file");
  if (static_cast<std::size_t>(facts.st_size) > file_max_bytes) return unreadable(path, "is too large");
  if ((facts.st_mode & forbidden) != 0) {
    return Error{Errc::rejected, "security.file_not_private", path + " is open to every user"};
  }
  std::string content(static_cast<std::size_t>(facts.st_size), '\0');
  const ssize_t size = ::pread(file.number(), content.data(), content.size(), 0);
  if (size < 0) return unreadable(path, std::strerror(errno));
  content.resize(static_cast<std::size_t>(size));
  return content;
}

bool write_all(int file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(file, content.data(), content.size());
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool sync_folder_of(const std::string& path) {
  const Descriptor folder{
      ::open(std::filesystem::path{path}.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  return folder.number() >= 0 && ::fsync(folder.number()) == 0;
}

/// Writes what is to become `path` to a file beside it, readable to its owner alone, and gives its name.
Result<std::string> write_beside(const std::string& path, std::string_view content, unsigned mode) {
  std::string name = path + ".XXXXXX";
  const Descriptor file{::mkostemp(name.data(), O_CLOEXEC)};
  if (file.number() < 0) return unwritable(path);
  if (write_all(file.number(), content) && ::fchmod(file.number(), mode) == 0 &&
      ::fsync(file.number()) == 0) {
    return name;
  }
  Error error = unwritable(path);
  ::unlink(name.c_str());
  return error;
}

}  // namespace

Result<std::string> read_file(const std::string& path) { return read_all(path, 0); }

Result<std::string> read_private_file(const std::string& path) { return read_all(path, S_IRWXO); }

Result<bool> is_there(const std::string& path) {
  struct stat ignored;
  if (::lstat(path.c_str(), &ignored) == 0) return true;
  if (errno == ENOENT) return false;
  return unreadable(path, std::strerror(errno));
}

Status replace_file(const std::string& path, std::string_view content, unsigned mode) {
  const Result<std::string> beside = write_beside(path, content, mode);
  if (!beside.ok()) return beside.error();
  if (::rename(beside.value().c_str(), path.c_str()) != 0) {
    Error error = unwritable(path);
    ::unlink(beside.value().c_str());
    return error;
  }
  if (!sync_folder_of(path)) return unwritable(path);
  return success();
}

Status make_folder(const std::string& path, unsigned mode) {
  std::error_code failure;
  std::filesystem::create_directories(std::filesystem::path{path}.parent_path(), failure);
  if (::mkdir(path.c_str(), S_IRWXU) != 0) return errno == EEXIST ? success() : unwritable(path);
  return ::chmod(path.c_str(), mode) == 0 ? success() : unwritable(path);
}

}  // namespace banyan::security
