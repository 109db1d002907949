#include "banyan/store/maintenance.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>

#include "banyan/store/failure.hpp"
#include "connection.hpp"
#include "directory.hpp"
#include "errors.hpp"
#include "lock.hpp"

namespace banyan::store {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(sqlite3* handle, const std::string& what) {
  const int code = sqlite3_extended_errcode(handle);
  throw Failure{to_error(code, sqlite3_system_errno(handle), what + ": " + sqlite3_errmsg(handle))};
}

void execute(sqlite3* handle, const char* sql) {
  if (sqlite3_exec(handle, sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail(handle, sql);
}

Status check_there(const Options& store) {
  const std::string file = path_of(store, store.file_name);
  std::error_code ignored;
  if (fs::exists(file, ignored)) return success();
  return Error{Errc::not_found, "store.not_there", "there is no " + file};
}

/// In one step, which is one snapshot of the source. The copy needs no log beside it.
void copy(sqlite3* source, const std::string& target) {
  const Handle copy = open_handle(target, SQLITE_OPEN_READWRITE);
  sqlite3_backup* const backup = sqlite3_backup_init(copy.get(), "main", source, "main");
  if (backup == nullptr) fail(copy.get(), target);
  const int copied = sqlite3_backup_step(backup, -1);
  if (sqlite3_backup_finish(backup) != SQLITE_OK) fail(copy.get(), target);
  if (copied != SQLITE_DONE) throw Failure{to_error(copied, 0, target + ": " + sqlite3_errstr(copied))};
  execute(copy.get(), "PRAGMA journal_mode = DELETE");
}

std::vector<std::string> problems_of(Connection& connection) {
  std::vector<std::string> problems;
  Statement pages(connection, "PRAGMA integrity_check", Origin::store);
  while (pages.step()) {
    if (pages.text(0) != "ok") problems.emplace_back(pages.text(0));
  }
  Statement keys(connection, R"(SELECT "table", rowid, "parent" FROM pragma_foreign_key_check)",
                 Origin::store);
  while (keys.step()) {
    const std::string row = keys.is_null(1) ? "a row" : "row " + std::to_string(keys.integer(1));
    problems.push_back(std::string{keys.text(0)} + ": " + row + " has no " + std::string{keys.text(2)});
  }
  return problems;
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

Status check_free(const Options& store) {
  if (!fs::exists(path_of(store, "lock"))) return success();
  const auto lock = DirectoryLock::take(store);
  return lock.ok() ? success() : lock.error();
}

Status backup(const Options& source, const std::string& target) {
  const std::string absolute_target = fs::absolute(target);
  std::error_code ignored;
  if (fs::exists(absolute_target, ignored)) return PartialFile::exists(absolute_target);
  if (Status there = check_there(source); !there.ok()) return there;
  try {
    PartialFile partial(absolute_target);
    if (Status made = make_file(partial.path()); !made.ok()) return made;
    copy(Connection(path_of(source, source.file_name), Connection::Role::reader, source).handle(),
         partial.path());
    Connection made(partial.path(), Connection::Role::reader, source);
    if (const auto problems = problems_of(made); !problems.empty()) {
      return Error{Errc::data_loss, "store.corrupt", "the copy is damaged: " + problems.front()};
    }
    return partial.publish();
  } catch (const Failure& failure) {
    return failure.error();
  }
}

Result<std::vector<std::string>> integrity_problems(const Options& store) {
  if (const Status there = check_there(store); !there.ok()) return there.error();
  try {
    Connection connection(path_of(store, store.file_name), Connection::Role::reader, store);
    return problems_of(connection);
  } catch (const Failure& failure) {
    return failure.error();
  }
}

}  // namespace banyan::store
