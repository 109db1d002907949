#include "migrate.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <string>
#include <utility>

#include "banyan/store/failure.hpp"
#include "banyan/store/transaction.hpp"

namespace banyan::store {
namespace {

constexpr std::string_view blanks = " \t\r\n;";

constexpr const char* ledger_table = R"(
  CREATE TABLE IF NOT EXISTS banyan_migration (
    owner      TEXT NOT NULL,
    version    INTEGER NOT NULL,
    name       TEXT NOT NULL,
    checksum   TEXT NOT NULL,
    applied_at INTEGER NOT NULL,
    PRIMARY KEY (owner, version)
  ) STRICT)";

std::string file_name(std::string_view owner, std::int64_t version, std::string_view name) {
  std::string number = std::to_string(version);
  number.insert(0, 4 - std::min<std::size_t>(4, number.size()), '0');
  return std::string{owner} + "/" + number + "_" + std::string{name} + ".sql";
}

std::string file_name(const Migration& migration) {
  return file_name(migration.owner, migration.version, migration.name);
}

/// FNV-1a: tells an edited file from the one that was applied; it is no defence against a forger.
std::string checksum(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  char hex[17];
  std::snprintf(hex, sizeof hex, "%016llx", static_cast<unsigned long long>(hash));
  return hex;
}

/// Rolls back what it began unless it was committed.
class Scope {
 public:
  explicit Scope(Connection& connection) : connection_(connection) { connection_.run_own("BEGIN IMMEDIATE"); }
  ~Scope() {
    connection_.serve(Origin::store);
    if (connection_.in_transaction()) {
      sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
  }
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

  void commit() { connection_.run_own("COMMIT"); }

 private:
  Connection& connection_;
};

/// The versions of each owner count 1, 2, 3 … in the order given.
Status check_order(std::span<const Migration> migrations) {
  std::map<std::string_view, int> latest;
  for (const Migration& migration : migrations) {
    if (migration.version != ++latest[migration.owner]) {
      return Error{Errc::invalid_argument, "store.migration_order",
                   file_name(migration) + ": expected version " + std::to_string(latest[migration.owner])};
    }
  }
  return success();
}

/// Compares one applied migration with what the program has.
Status check_applied(const Rows& row, std::span<const Migration> migrations) {
  const auto owner = row.get<std::string>(0);
  const auto version = row.get<std::int64_t>(1);
  const auto name = row.get<std::string>(2);
  const std::string file = file_name(owner, version, name);
  const auto known = std::ranges::find_if(
      migrations, [&](const Migration& m) { return m.owner == owner && m.version == version; });
  if (known == migrations.end()) {
    return Error{Errc::conflict, "store.newer_schema",
                 "the store has " + file + ", which this program does not know: use the newer program"};
  }
  if (known->name != name || checksum(known->sql) != row.get<std::string_view>(3)) {
    return Error{Errc::conflict, "store.changed_migration",
                 file + " was applied with another text than " + file_name(*known) +
                     " has now: restore it, and put the change into a new migration"};
  }
  return success();
}

using Versions = std::map<std::string, std::int64_t, std::less<>>;

/// The latest version applied of each owner.
Result<Versions> applied_versions(Connection& connection, std::span<const Migration> migrations) {
  Scope scope(connection);
  connection.run_own(ledger_table);
  Versions versions;
  {
    ReadTransaction transaction(connection);
    Rows rows =
        transaction.query("SELECT owner, version, name, checksum FROM banyan_migration ORDER BY 1, 2");
    while (rows.next()) {
      if (const Status checked = check_applied(rows, migrations); !checked.ok()) return checked.error();
      versions[rows.get<std::string>(0)] = rows.get<std::int64_t>(1);
    }
  }
  scope.commit();
  return versions;
}

/// Tells the line of what is wrong with the SQL; the errors of the disk as they are.
Error describe(const Error& error, const Migration& migration, std::size_t position) {
  if (error.reason() != "store.sql" && error.reason() != "store.constraint") return error;
  const auto line = 1 + std::ranges::count(migration.sql.substr(0, position), '\n');
  return Error{Errc::invalid_argument, "store.migration_failed",
               file_name(migration) + " line " + std::to_string(line) + ": " + error.detail()};
}

/// Compiles and runs the statement at the start of `sql`, which it moves past it.
int run_first(Connection& connection, const char*& sql) {
  sqlite3_stmt* compiled = nullptr;
  connection.serve(Origin::handler);
  int code = sqlite3_prepare_v2(connection.handle(), sql, -1, &compiled, &sql);
  if (code != SQLITE_OK) return code;
  do code = sqlite3_step(compiled);
  while (code == SQLITE_ROW);
  sqlite3_finalize(compiled);
  return code == SQLITE_DONE || compiled == nullptr ? SQLITE_OK : code;
}

/// Runs the statements one after the other, to be able to tell which one fails.
Status run_statements(Connection& connection, const Migration& migration) {
  const std::string sql{migration.sql};
  std::size_t start = sql.find_first_not_of(blanks);
  while (start != std::string::npos) {
    const char* rest = sql.c_str() + start;
    if (const int code = run_first(connection, rest); code != SQLITE_OK) {
      const auto offset = static_cast<std::size_t>(std::max(0, sqlite3_error_offset(connection.handle())));
      const auto statement = std::string_view{sql}.substr(start, sql.find(';', start) - start);
      return describe(connection.failed(code, statement), migration, start + offset);
    }
    start = sql.find_first_not_of(blanks, static_cast<std::size_t>(rest - sql.c_str()));
  }
  return success();
}

/// Changesets need a primary key, and a column should hold what its type says.
Status check_tables(Connection& connection, const Migration& migration) {
  Statement tables(connection, R"(
    SELECT name, strict FROM pragma_table_list AS t
    WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
      AND (strict = 0 OR NOT EXISTS (SELECT 1 FROM pragma_table_info(t.name) WHERE pk > 0)))",
                   Origin::store);
  if (!tables.step()) return success();
  const std::string_view lack = tables.integer(1) == 0 ? " is not STRICT" : " has no PRIMARY KEY";
  return Error{Errc::invalid_argument, "store.bad_table",
               file_name(migration) + ": table " + std::string{tables.text(0)}.append(lack)};
}

Status check_foreign_keys(Connection& connection, const Migration& migration) {
  Statement broken(connection, R"(SELECT "table", "parent" FROM pragma_foreign_key_check)", Origin::store);
  if (!broken.step()) return success();
  return Error{Errc::invalid_argument, "store.migration_failed",
               file_name(migration) + ": leaves rows of " + std::string{broken.text(0)} + " without their " +
                   std::string{broken.text(1)}};
}

Status apply(Connection& connection, const Migration& migration, const Clock& clock) {
  Scope scope(connection);
  if (Status run = run_statements(connection, migration); !run.ok()) return run;
  if (Status checked = check_tables(connection, migration); !checked.ok()) return checked;
  if (Status checked = check_foreign_keys(connection, migration); !checked.ok()) return checked;
  Transaction{connection}.execute("INSERT INTO banyan_migration VALUES (?1, ?2, ?3, ?4, ?5)", migration.owner,
                                  migration.version, migration.name, checksum(migration.sql), clock.utc());
  scope.commit();
  return success();
}

/// Off while tables are rebuilt, as SQLite's manual advises: DROP TABLE would delete what refers to the
/// table.
class ForeignKeysOff {
 public:
  explicit ForeignKeysOff(Connection& connection) : connection_(connection) { set(0); }
  ~ForeignKeysOff() { set(1); }
  ForeignKeysOff(const ForeignKeysOff&) = delete;
  ForeignKeysOff& operator=(const ForeignKeysOff&) = delete;

 private:
  void set(int value) {
    sqlite3_db_config(connection_.handle(), SQLITE_DBCONFIG_ENABLE_FKEY, value, nullptr);
  }

  Connection& connection_;
};

}  // namespace

Status migrate(Connection& connection, std::span<const Migration> migrations, const Clock& clock) {
  if (Status ordered = check_order(migrations); !ordered.ok()) return ordered;
  const Result<Versions> applied = applied_versions(connection, migrations);
  if (!applied.ok()) return applied.error();
  const ForeignKeysOff off(connection);
  for (const Migration& migration : migrations) {
    const auto latest = applied.value().find(migration.owner);
    if (latest != applied.value().end() && migration.version <= latest->second) continue;
    if (Status done = apply(connection, migration, clock); !done.ok()) return done;
  }
  return success();
}

}  // namespace banyan::store
