#include "file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

namespace banyan::config {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) noexcept : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int number() const noexcept { return fd_; }

 private:
  int fd_;
};

Error from_errno(int number) {
  if (number == ENOENT) return {Errc::not_found, "config.no_file", std::strerror(number)};
  return {Errc::unavailable, "config.unreadable", std::strerror(number)};
}

std::optional<Error> broken_rule(const struct stat& facts, FileRules rules) {
  if (!S_ISREG(facts.st_mode)) return Error{Errc::unavailable, "config.unreadable", "is not a regular file"};
  if (static_cast<std::size_t>(facts.st_size) > rules.bytes_max) {
    return Error{Errc::resource_exhausted, "config.file_too_large",
                 "is larger than " + std::to_string(rules.bytes_max) + " bytes"};
  }
  if (rules.is_private && (facts.st_mode & S_IROTH) != 0) {
    return Error{Errc::rejected, "config.file_not_private", "can be read by every user; chmod o-r it"};
  }
  return std::nullopt;
}

}  // namespace

Result<std::string> read_file(const std::string& path, FileRules rules) {
  // O_NONBLOCK: opening a FIFO must not wait for a writer.
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (file.number() < 0) return from_errno(errno);
  struct stat facts {};
  if (::fstat(file.number(), &facts) != 0) return from_errno(errno);
  if (auto error = broken_rule(facts, rules)) return *std::move(error);

  std::string text(static_cast<std::size_t>(facts.st_size), '\0');
  std::size_t length = 0;
  while (length < text.size()) {
    const ssize_t n = ::read(file.number(), text.data() + length, text.size() - length);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return from_errno(errno);
    if (n == 0) break;
    length += static_cast<std::size_t>(n);
  }
  text.resize(length);
  return text;
}

}  // namespace banyan::config
