#include "banyan/store/maintenance.hpp"

#include "banyan/store/failure.hpp"
#include "connection.hpp"
#include "directory.hpp"
#include "lock.hpp"

namespace banyan::store {
namespace {

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

}  // namespace

Status check_there(const Options& store) {
  const std::string file = path_of(store, store.file_name);
  const auto is_there = has_name(file);
  if (!is_there.ok()) return is_there.error();
  if (is_there.value()) return success();
  return Error{Errc::not_found, "store.not_there", "there is no " + file};
}

Status check_free(const Options& store) {
  const auto is_there = has_name(path_of(store, "lock"));
  if (!is_there.ok()) return is_there.error();
  if (!is_there.value()) return success();
  const auto lock = DirectoryLock::take(store);
  return lock.ok() ? success() : lock.error();
}

Status check_restored(const Options& store) {
  const std::string file = path_of(store, restoring_file);
  const auto is_there = has_name(file);
  if (!is_there.ok()) return is_there.error();
  if (!is_there.value()) return success();
  return Error{Errc::conflict, "store.restoring",
               "a restore into " + store.directory + " was not finished (" + file +
                   "); next: run the same restore again, or remove the directory"};
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

Claim::Claim(std::unique_ptr<DirectoryLock> lock) : lock_(std::move(lock)) {}
Claim::Claim(Claim&&) noexcept = default;
Claim& Claim::operator=(Claim&&) noexcept = default;
Claim::~Claim() = default;

Result<Claim> Claim::take(const Options& store) {
  if (const Status made = make_directory(store.directory); !made.ok()) return made.error();
  auto lock = DirectoryLock::take(store);
  if (!lock.ok()) return lock.error();
  return Claim{std::make_unique<DirectoryLock>(std::move(lock).value())};
}

Status edit(const Claim&, const Options& store, const std::function<void(Transaction&)>& work) {
  if (const Status there = check_there(store); !there.ok()) return there;
  try {
    Connection connection(path_of(store, store.file_name), Connection::Role::writer, store);
    connection.run_own("BEGIN IMMEDIATE");  // closing the connection undoes what is not committed
    Transaction transaction{connection};
    work(transaction);
    connection.run_own("COMMIT");
    const auto moved = connection.move_log(SQLITE_CHECKPOINT_TRUNCATE);
    if (moved.code != SQLITE_OK && moved.code != SQLITE_BUSY)
      return connection.failed(moved.code, "checkpoint");
    return success();
  } catch (const Failure& failure) {
    return failure.error();
  }
}

}  // namespace banyan::store
