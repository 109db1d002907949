#include "files.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <span>
#include <system_error>
#include <utility>
#include <vector>

namespace banyan::backup {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t chunk_bytes = 1 << 20;

Error failed(const std::string& path, int number) {
  return {Errc::unavailable, "backup.file", path + ": " + std::system_category().message(number)};
}

class File {
 public:
  File(const std::string& path, int flags) : number_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~File() {
    if (is_open()) ::close(number_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool is_open() const noexcept { return number_ >= 0; }
  int number() const noexcept { return number_; }

 private:
  const int number_;
};

class Sha256 {
 public:
  Sha256() { crypto_hash_sha256_init(&state_); }

  void add(std::span<const char> bytes) {
    crypto_hash_sha256_update(&state_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    count_ += bytes.size();
  }

  Checksum finish() {
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    crypto_hash_sha256_final(&state_, hash.data());
    std::array<char, 2 * crypto_hash_sha256_BYTES + 1> text{};
    sodium_bin2hex(text.data(), text.size(), hash.data(), hash.size());
    return {text.data(), count_};
  }

 private:
  crypto_hash_sha256_state state_{};
  std::uint64_t count_ = 0;
};

bool write_all(const File& file, std::span<const char> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.number(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

/// Hands over what a file holds, a piece at a time. False, with errno, if it can't be read or `take` fails.
template <class Take>
bool read_all(const File& file, const Take& take) {
  std::vector<char> bytes(chunk_bytes);
  while (true) {
    const ssize_t size = ::read(file.number(), bytes.data(), bytes.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return size == 0;
    if (!take(std::span<const char>{bytes.data(), static_cast<std::size_t>(size)})) return false;
  }
}

/// A file that root makes in the folder of a service belongs to the service.
bool give_to_owner_of_folder(const File& file, const std::string& path) {
  if (::geteuid() != 0) return true;
  struct stat folder {};
  if (::stat(fs::absolute(path).parent_path().c_str(), &folder) != 0) return false;
  return ::fchown(file.number(), folder.st_uid, folder.st_gid) == 0;
}

Status sync_folder_of(const std::string& path) {
  const std::string folder = fs::absolute(path).parent_path().string();
  const File file{folder, O_RDONLY | O_DIRECTORY};
  if (!file.is_open() || ::fsync(file.number()) != 0) return failed(folder, errno);
  return success();
}

}  // namespace

Result<Checksum> checksum_of(const std::string& path) {
  const File file{path, O_RDONLY};
  if (!file.is_open()) return failed(path, errno);
  Sha256 hash;
  const bool read = read_all(file, [&](std::span<const char> bytes) { return hash.add(bytes), true; });
  return read ? Result<Checksum>{hash.finish()} : failed(path, errno);
}

Result<Checksum> copy_file(const std::string& from, const std::string& to) {
  const File source{from, O_RDONLY};
  if (!source.is_open()) return failed(from, errno);
  const File target{to, O_WRONLY | O_CREAT | O_TRUNC};
  if (!target.is_open() || !give_to_owner_of_folder(target, to)) return failed(to, errno);
  Sha256 hash;
  const bool copied = read_all(source, [&](std::span<const char> bytes) {
    hash.add(bytes);
    return write_all(target, bytes);
  });
  if (!copied) return failed(from + " to " + to, errno);
  if (::fsync(target.number()) != 0) return failed(to, errno);
  return hash.finish();
}

Result<std::string> read_file(const std::string& path, std::size_t bytes_max) {
  const File file{path, O_RDONLY};
  if (!file.is_open()) return failed(path, errno);
  std::string text;
  const bool read = read_all(file, [&](std::span<const char> bytes) {
    text.append(bytes.data(), bytes.size());
    return text.size() <= bytes_max || (errno = EFBIG, false);
  });
  return read ? Result<std::string>{std::move(text)} : failed(path, errno);
}

Status write_file(const std::string& path, const std::string& text) {
  const std::string partial = path + ".partial";
  {
    const File file{partial, O_WRONLY | O_CREAT | O_TRUNC};
    const bool written = file.is_open() && give_to_owner_of_folder(file, path) && write_all(file, text) &&
                         ::fsync(file.number()) == 0;
    if (!written) return failed(partial, errno);
  }
  return rename_file(partial, path);
}

Status rename_file(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return failed(to, errno);
  return sync_folder_of(to);
}

Status remove_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return failed(path, errno);
  return sync_folder_of(path);
}

Status make_folder(const std::string& path) {
  const fs::path folder = fs::absolute(path).lexically_normal();
  std::error_code ignored;
  if (fs::is_directory(folder, ignored)) return success();
  const fs::path parent = folder.has_filename() ? folder.parent_path() : folder.parent_path().parent_path();
  if (const Status made = make_folder(parent.string()); !made.ok()) return made;
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return failed(path, errno);
  return sync_folder_of(folder.has_filename() ? folder.string() : folder.parent_path().string());
}

bool is_there(const std::string& path) {
  struct stat ignored {};
  return ::lstat(path.c_str(), &ignored) == 0 || errno != ENOENT;
}

}  // namespace banyan::backup
