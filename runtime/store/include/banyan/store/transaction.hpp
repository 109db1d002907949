#pragma once
#include <array>
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "banyan/store/arg.hpp"
#include "banyan/store/failure.hpp"
#include "banyan/store/rows.hpp"

namespace banyan::store {

class Connection;

/// Queries of one consistent state of the store. Everything here throws Failure, also when no transaction is
/// open.
///
/// Statements are compiled once per connection and kept by their text. They are written out in full, with ?1
/// ?2 … for values: text that came from outside is never part of one. One statement a call; ATTACH, PRAGMA
/// and transaction control are refused. Threads: those of the Database or Reader that it belongs to.
class ReadTransaction {
 public:
  explicit ReadTransaction(Connection& connection) noexcept : connection_(connection) {}
  ReadTransaction& operator=(const ReadTransaction&) = delete;

  /// Values are copied: they may end before the rows do.
  template <class... Values>
  Rows query(std::string_view sql, const Values&... values) {
    const std::array<Arg, sizeof...(Values)> args{Arg(values)...};
    return query(sql, std::span<const Arg>{args});
  }
  Rows query(std::string_view sql, std::span<const Arg> args);

  /// The first column of the first row; nothing if there is no row.
  template <class T, class... Values>
  requires(!std::same_as<T, std::string_view>) std::optional<T> find(std::string_view sql,
                                                                     const Values&... values) {
    Rows rows = query(sql, values...);
    return rows.next() ? std::optional<T>{rows.get<T>(0)} : std::nullopt;
  }

 protected:
  ReadTransaction(const ReadTransaction&) = default;  ///< For transactions that can do more.

  Connection& connection_;
};

/// Changes of the store that become durable together, or not at all. `query` serves INSERT … RETURNING as
/// well.
class Transaction : public ReadTransaction {
 public:
  using ReadTransaction::ReadTransaction;

  /// Runs a statement to its end. Returns the number of rows that an INSERT, UPDATE or DELETE changed itself.
  template <class... Values>
  std::int64_t execute(std::string_view sql, const Values&... values) {
    const std::array<Arg, sizeof...(Values)> args{Arg(values)...};
    return execute(sql, std::span<const Arg>{args});
  }
  std::int64_t execute(std::string_view sql, std::span<const Arg> args);

  /// The rowid (INTEGER PRIMARY KEY) of the latest INSERT.
  std::int64_t last_insert_id() const noexcept;

 protected:
  Transaction(const Transaction&) = default;
};

}  // namespace banyan::store
