#pragma once
#include <sqlite3.h>

#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "banyan/base/assert.hpp"
#include "banyan/base/uuid.hpp"

namespace banyan::bench {

/// A store's file as bare C++ writes it: the building block of every durable figure.
class RawDatabase {
 public:
  explicit RawDatabase(const std::string& file) {
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(
        file.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    handle_.reset(raw);
    BANYAN_ASSERT(code == SQLITE_OK);
    run("PRAGMA journal_mode = WAL");
    run("PRAGMA synchronous = FULL");
    run("PRAGMA foreign_keys = ON");
    run("PRAGMA cache_size = -8192");
    run("PRAGMA wal_autocheckpoint = 2000");  // 8 MiB, as the runtime does
  }

  sqlite3* handle() const { return handle_.get(); }

  /// The first column of a query's rows.
  std::vector<Uuid> uuids(const std::string& sql) const {
    std::vector<Uuid> all;
    each_row(sql, [&](sqlite3_stmt* row) {
      Uuid id;
      BANYAN_ASSERT(sqlite3_column_bytes(row, 0) == static_cast<int>(id.bytes.size()));
      std::memcpy(id.bytes.data(), sqlite3_column_blob(row, 0), id.bytes.size());
      all.push_back(id);
    });
    return all;
  }
  Uuid uuid(const std::string& sql) const { return uuids(sql).at(0); }
  std::string text(const std::string& sql) const {
    std::string first;
    each_row(sql,
             [&](sqlite3_stmt* row) { first = reinterpret_cast<const char*>(sqlite3_column_text(row, 0)); });
    return first;
  }

  void run(const char* sql) {
    BANYAN_ASSERT(sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  }

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };

  template <class F>
  void each_row(const std::string& sql, F use) const {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v2(handle_.get(), sql.c_str(), -1, &statement, nullptr);
    BANYAN_ASSERT(code == SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW) use(statement);
    sqlite3_finalize(statement);
  }

  std::unique_ptr<sqlite3, Close> handle_;
};

/// One compiled statement, run with values for ?1 ?2 …
class RawStatement {
 public:
  RawStatement(const RawDatabase& database, std::string_view sql) {
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v3(database.handle(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    handle_.reset(raw);
    BANYAN_ASSERT(code == SQLITE_OK);
  }

  template <class... Values>
  void operator()(const Values&... values) {
    int index = 0;
    (bind(++index, values), ...);
    BANYAN_ASSERT(sqlite3_step(handle_.get()) == SQLITE_DONE);
    sqlite3_reset(handle_.get());
  }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };

  void bind(int index, std::int64_t value) { sqlite3_bind_int64(handle_.get(), index, value); }
  void bind(int index, std::string_view text) {
    sqlite3_bind_text(handle_.get(), index, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
  }
  void bind(int index, const Uuid& id) {
    sqlite3_bind_blob(handle_.get(), index, id.bytes.data(), static_cast<int>(id.bytes.size()),
                      SQLITE_STATIC);
  }

  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

}  // namespace banyan::bench
