#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "banyan/base/clock.hpp"
#include "banyan/base/moment.hpp"
#include "banyan/base/uuid.hpp"
#include "banyan/store/arg.hpp"

namespace banyan::store {

class Statement;

/// The rows of one query, read one after the other.
///
///     Rows rows = tx.query("SELECT sku, available FROM stock WHERE warehouse = ?1", warehouse);
///     while (rows.next()) use(rows.get<std::string>(0), rows.get<std::int64_t>(1));
///
/// Threads: those of the transaction. Lifetime: ends before the transaction does.
class Rows {
 public:
  Rows(Rows&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
  Rows& operator=(Rows&&) = delete;
  ~Rows() { finish(); }

  /// Goes to the next row, at first to the first one; false after the last. Throws Failure.
  bool next();

  /// The value of a column of the current row, counted from 0. T: a StoredInteger, bool, double, std::string,
  /// std::string_view (valid until next()), std::vector<std::byte>, Uuid, Timestamp, Age or an optional of
  /// one of them. Throws Failure "store.wrong_type" for NULL (but into an optional), another type, or an
  /// integer too large for T.
  template <class T>
  T get(int column) const;

  /// The value that `parse` makes of the text in a column. Throws Failure "store.wrong_type" where that is
  /// nothing: the column's CHECK does not let it in, but somebody has.
  template <class Parse>
  auto get_as(int column, Parse parse) const {
    const auto value = parse(get<std::string_view>(column));
    if (!value) wrong_type(column, "one of the texts that are known");
    return *value;
  }

  bool is_null(int column) const;

 private:
  friend class ReadTransaction;
  friend class Transaction;
  explicit Rows(Statement& statement) noexcept;

  void finish() noexcept;
  const Statement& row() const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string_view text(int column) const;
  std::span<const std::byte> blob(int column) const;
  Uuid uuid(int column) const;
  [[noreturn]] void wrong_type(int column, std::string_view wanted) const;

  Statement* statement_;  ///< Null after the last row.
};

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
T Rows::get(int column) const {
  if constexpr (is_optional<T>) {
    return is_null(column) ? T{} : T{get<typename T::value_type>(column)};
  } else if constexpr (std::same_as<T, bool>) {
    return integer(column) != 0;
  } else if constexpr (StoredInteger<T>) {
    const std::int64_t value = integer(column);
    if (!std::in_range<T>(value)) wrong_type(column, "a smaller integer");
    return static_cast<T>(value);
  } else if constexpr (std::same_as<T, double>) {
    return real(column);
  } else if constexpr (std::same_as<T, std::vector<std::byte>>) {
    const auto bytes = blob(column);
    return {bytes.begin(), bytes.end()};
  } else if constexpr (std::same_as<T, Uuid>) {
    return uuid(column);
  } else if constexpr (std::same_as<T, Timestamp> || std::same_as<T, Age>) {
    return T{Duration{integer(column)}};
  } else {
    static_assert(std::same_as<T, std::string> || std::same_as<T, std::string_view>,
                  "no column has this type");
    return T{text(column)};
  }
}

}  // namespace banyan::store
