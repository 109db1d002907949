#include "directory.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace banyan::store {

Descriptor::~Descriptor() {
  if (is_open()) ::close(number_);
}

namespace {

/// For a directory that exists: perhaps an earlier start has made it, and failed to make its name durable. A
/// parent that this process may not read was not made by it.
Status sync_name_in(const std::string& parent) {
  return ::access(parent.c_str(), R_OK) == 0 ? sync_directory(parent) : success();
}

}  // namespace

std::string path_of(const Options& options, std::string_view file) {
  return (std::filesystem::absolute(options.directory) / file).string();
}

Error system_error(std::string_view what) {
  const std::string why = std::system_category().message(errno);
  return Error{Errc::unavailable, "store.directory", std::string{what} + ": " + why};
}

Status make_directory(const std::string& path) {
  const std::filesystem::path directory = std::filesystem::absolute(path).lexically_normal();
  std::error_code ignored;
  const std::string parent = directory.parent_path().string();
  const bool is_there = std::filesystem::is_directory(directory, ignored);
  if (is_there) return sync_name_in(parent);
  if (const Status made = make_directory(parent); !made.ok()) return made;
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) return system_error(path);
  return sync_directory(parent);
}

Result<bool> has_name(const std::string& path) {
  struct stat ignored {};
  if (::lstat(path.c_str(), &ignored) == 0) return true;
  if (errno == ENOENT || errno == ENOTDIR) return false;
  return system_error(path);
}

Status make_file(const std::string& path) {
  const Descriptor file{::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600)};
  if (!file.is_open() && errno != EEXIST) return system_error(path);
  return success();
}

Status sync_directory(const std::string& path) {
  const Descriptor directory{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!directory.is_open() || ::fsync(directory.number()) != 0) return system_error(path);
  return success();
}

}  // namespace banyan::store
