#include "banyan/testing/faulty_disk.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <mutex>
#include <optional>

namespace banyan::testing {
namespace {

using Call = FaultyDisk::Call;

struct Fault {
  Call call;
  int error;
  std::string file;
  std::size_t sound;  ///< Calls that still succeed.
  bool once;
};

std::atomic<bool> is_armed = false;
std::mutex mutex;
std::optional<Fault> fault;  // guarded by mutex, as what follows
std::size_t failures = 0;

std::string path_of(int file) {
  std::array<char, 4096> path{};
  const std::string link = "/proc/self/fd/" + std::to_string(file);
  const ssize_t size = ::readlink(link.c_str(), path.data(), path.size());
  return size > 0 ? std::string(path.data(), static_cast<std::size_t>(size)) : std::string{};
}

bool is_folder(int file) {
  struct stat found {};
  return ::fstat(file, &found) == 0 && S_ISDIR(found.st_mode);
}

/// The errno with which this call is to fail; 0: it is not.
int error_of(Call call, const std::string& path) {
  const std::lock_guard lock{mutex};
  if (!fault || fault->call != call || (path + '$').find(fault->file) == std::string::npos) return 0;
  if (fault->sound > 0) return --fault->sound, 0;
  const int error = fault->error;
  if (fault->once) fault.reset();
  ++failures;
  return error;
}

bool is_refused(Call call, int file) {
  if (!is_armed) return false;
  const int error = error_of(call, path_of(file));
  if (error != 0) errno = error;
  return error != 0;
}

bool is_refused(Call call, const char* path) {
  if (!is_armed) return false;
  const int error = error_of(call, path);
  if (error != 0) errno = error;
  return error != 0;
}

Call sync_of(int file) { return is_armed && is_folder(file) ? Call::sync_folder : Call::sync; }

void arm(Fault next) {
  const std::lock_guard lock{mutex};
  fault = std::move(next);
}

template <class F>
F* real(const char* name) {
  return reinterpret_cast<F*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

FaultyDisk::FaultyDisk() { is_armed = true; }

FaultyDisk::~FaultyDisk() {
  heal();
  is_armed = false;
}

void FaultyDisk::fail(Call call, int error, std::string file, std::size_t sound) {
  arm({call, error, std::move(file), sound, false});
}

void FaultyDisk::fail_once(Call call, int error, std::string file, std::size_t sound) {
  arm({call, error, std::move(file), sound, true});
}

void FaultyDisk::heal() {
  const std::lock_guard lock{mutex};
  fault.reset();
}

std::size_t FaultyDisk::failed() const {
  const std::lock_guard lock{mutex};
  return failures;
}

}  // namespace banyan::testing

// The program's own come before those of the C library, for SQLite too.
extern "C" {

ssize_t pread64(int file, void* to, size_t size, off64_t offset) {
  using namespace banyan::testing;
  static auto* const next = real<ssize_t(int, void*, size_t, off64_t)>("pread64");
  return is_refused(Call::read, file) ? -1 : next(file, to, size, offset);
}

ssize_t pwrite64(int file, const void* from, size_t size, off64_t offset) {
  using namespace banyan::testing;
  static auto* const next = real<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
  return is_refused(Call::write, file) ? -1 : next(file, from, size, offset);
}

int fsync(int file) {
  using namespace banyan::testing;
  static auto* const next = real<int(int)>("fsync");
  return is_refused(sync_of(file), file) ? -1 : next(file);
}

int fdatasync(int file) {
  using namespace banyan::testing;
  static auto* const next = real<int(int)>("fdatasync");
  return is_refused(sync_of(file), file) ? -1 : next(file);
}

int ftruncate64(int file, off64_t size) noexcept {
  using namespace banyan::testing;
  static auto* const next = real<int(int, off64_t)>("ftruncate64");
  return is_refused(Call::truncate, file) ? -1 : next(file, size);
}

int open64(const char* path, int flags, ...) {
  using namespace banyan::testing;
  static auto* const next = real<int(const char*, int, ...)>("open64");
  std::va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  return is_refused(Call::open, path) ? -1 : next(path, flags, mode);
}
}
