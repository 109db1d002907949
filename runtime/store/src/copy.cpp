#include "copy.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "banyan/store/failure.hpp"
#include "connection.hpp"
#include "directory.hpp"
#include "errors.hpp"

namespace banyan::store {
namespace {

namespace fs = std::filesystem;

/// Between two looks at whether to go on: 4 MiB with the usual pages.
constexpr int pages_at_once = 1024;

[[noreturn]] void fail(sqlite3* handle, const std::string& what) {
  const int code = sqlite3_extended_errcode(handle);
  throw Failure{to_error(code, sqlite3_system_errno(handle), what + ": " + sqlite3_errmsg(handle))};
}

void execute(sqlite3* handle, const char* sql) {
  if (sqlite3_exec(handle, sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail(handle, sql);
}

struct FinishBackup {
  void operator()(sqlite3_backup* backup) const noexcept { sqlite3_backup_finish(backup); }
};

/// In steps, all of them of the snapshot that the source has open. The copy needs no log beside it.
Status fill(sqlite3* source, const std::string& target, const GoOn& go_on) {
  const Handle copy = open_handle(target, SQLITE_OPEN_READWRITE);
  std::unique_ptr<sqlite3_backup, FinishBackup> backup{
      sqlite3_backup_init(copy.get(), "main", source, "main")};
  if (!backup) fail(copy.get(), target);
  int copied = SQLITE_OK;
  while (copied == SQLITE_OK) {
    copied = sqlite3_backup_step(backup.get(), pages_at_once);
    if (copied != SQLITE_OK) break;
    if (const Status asked = go_on(); !asked.ok()) return asked;
  }
  if (sqlite3_backup_finish(backup.release()) != SQLITE_OK) fail(copy.get(), target);
  if (copied != SQLITE_DONE) throw Failure{to_error(copied, 0, target + ": " + sqlite3_errstr(copied))};
  execute(copy.get(), "PRAGMA journal_mode = DELETE");
  return success();
}

Status sync_file(const std::string& path) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!file.is_open() || ::fsync(file.number()) != 0) return system_error(path);
  return success();
}

/// Gone at the end, unless it got its name.
class PartialFile {
 public:
  explicit PartialFile(const std::string& target) : target_(target), path_(target + ".partial") { remove(); }
  ~PartialFile() { remove(); }
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;

  const std::string& path() const noexcept { return path_; }

  Status publish() {
    if (const Status synced = sync_file(path_); !synced.ok()) return synced;
    if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target_.c_str(), RENAME_NOREPLACE) == 0) {
      return sync_directory(fs::path{target_}.parent_path());
    }
    return errno == EEXIST ? exists(target_) : Status{system_error(target_)};
  }

  static Status exists(const std::string& target) {
    return Error{Errc::already_exists, "store.backup_exists", target + " exists already"};
  }

 private:
  void remove() noexcept { ::unlink(path_.c_str()); }

  std::string target_;
  std::string path_;
};

}  // namespace

Status copy(sqlite3* source, const std::string& target, const GoOn& go_on) {
  const std::string absolute_target = fs::absolute(target);
  const auto is_there = has_name(absolute_target);
  if (!is_there.ok()) return is_there.error();
  if (is_there.value()) return PartialFile::exists(absolute_target);
  try {
    PartialFile partial(absolute_target);
    if (Status made = make_file(partial.path()); !made.ok()) return made;
    if (Status filled = fill(source, partial.path(), go_on); !filled.ok()) return filled;
    return partial.publish();
  } catch (const Failure& failure) {
    return failure.error();
  }
}

}  // namespace banyan::store
