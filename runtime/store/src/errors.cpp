#include "errors.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <utility>

namespace banyan::store {
namespace {

bool is_full(int code, int system_errno) {
  if (code == SQLITE_IOERR_SHMSIZE) return true;  // the index of the log could not grow
  return (code & 0xff) == SQLITE_IOERR && (system_errno == ENOSPC || system_errno == EDQUOT);
}

bool is_corrupt(int code) { return code == SQLITE_IOERR_DATA || code == SQLITE_IOERR_CORRUPTFS; }

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
    case SQLITE_NOTADB:
      return {Errc::data_loss, "store.corrupt", std::move(detail)};
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
