#include "errors.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace banyan::store {
namespace {

bool is_full(int code, int system_errno) {
  if (code == SQLITE_IOERR_SHMSIZE) return true;  // the index of the log could not grow
  return (code & 0xff) == SQLITE_IOERR && (system_errno == ENOSPC || system_errno == EDQUOT);
}

/// A file that ends too early, or that does not pass its check. SQLITE_IOERR_CORRUPTFS is not of them: SQLite
/// says so of each EIO of a read, and the next read may succeed.
bool is_corrupt(int code) { return code == SQLITE_IOERR_DATA || code == SQLITE_IOERR_SHORT_READ; }

/// With these SQLite takes a read that failed for damage of the file system.
bool is_refused_read(int system_errno) {
  return system_errno == EIO || system_errno == ENXIO || system_errno == ERANGE;
}

bool is_of_writing(int code) {
  switch (code) {
    case SQLITE_IOERR_WRITE:
    case SQLITE_IOERR_TRUNCATE:
    case SQLITE_IOERR_DELETE:
    case SQLITE_IOERR_BEGIN_ATOMIC:
    case SQLITE_IOERR_COMMIT_ATOMIC:
    case SQLITE_IOERR_CLOSE:
      return true;
    default:
      return (code & 0xff) == SQLITE_READONLY;
  }
}

Error refused_by_disk(int code, int system_errno, std::string detail) {
  if (system_errno != 0) detail += " (" + std::system_category().message(system_errno) + ")";
  if (is_of_writing(code)) return {Errc::unavailable, "store.unwritable", std::move(detail)};
  return {Errc::unavailable, "store.unreadable", std::move(detail)};
}

}  // namespace

Error to_error(int code, int system_errno, std::string detail) {
  if (is_fatal(code)) return {Errc::data_loss, "store.fsync_failed", std::move(detail)};
  if (is_full(code, system_errno)) return {Errc::resource_exhausted, "store.full", std::move(detail)};
  if (is_corrupt(code)) return {Errc::data_loss, "store.corrupt", std::move(detail)};
  switch (code & 0xff) {
    case SQLITE_FULL:
      return {Errc::resource_exhausted, "store.full", std::move(detail)};
    case SQLITE_CONSTRAINT:
      return {Errc::conflict, "store.constraint", std::move(detail)};
    case SQLITE_CORRUPT:
      if (is_refused_read(system_errno)) return refused_by_disk(code, system_errno, std::move(detail));
      return {Errc::data_loss, "store.corrupt", std::move(detail)};
    case SQLITE_NOTADB:
      return {Errc::data_loss, "store.corrupt", std::move(detail)};
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
      return refused_by_disk(code, system_errno, std::move(detail));
    case SQLITE_INTERRUPT:
      return {Errc::deadline_exceeded, "store.read_too_long", std::move(detail)};
    case SQLITE_BUSY:
      return {Errc::internal, "store.busy", std::move(detail)};
    default:
      return {Errc::internal, "store.sql", std::move(detail)};
  }
}

bool is_fatal(int code) noexcept { return code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC; }

}  // namespace banyan::store
