#include "statement.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "banyan/store/failure.hpp"
#include "connection.hpp"

namespace banyan::store {
namespace {

constexpr std::string_view blanks = " \t\r\n;";

Failure wrong_sql(std::string detail) {
  return Failure{Error{Errc::internal, "store.sql", std::move(detail)}};
}

}  // namespace

Statement::Statement(Connection& connection, std::string_view sql, Origin origin)
    : connection_(connection), sql_(sql), origin_(origin) {
  compile();
}

void Statement::compile() {
  sqlite3_stmt* compiled = nullptr;
  const char* rest = nullptr;
  connection_.serve(origin_);
  const int code = sqlite3_prepare_v3(connection_.handle(), sql_.c_str(), static_cast<int>(sql_.size() + 1),
                                      SQLITE_PREPARE_PERSISTENT, &compiled, &rest);
  handle_.reset(compiled);
  if (code != SQLITE_OK) fail(code);
  const bool is_one =
      compiled != nullptr && std::string_view{rest}.find_first_not_of(blanks) == std::string::npos;
  if (!is_one) throw wrong_sql("not exactly one statement: " + sql_);
  placeholders_ = static_cast<std::size_t>(sqlite3_bind_parameter_count(compiled));
}

void Statement::bind(std::span<const Arg> args, Values values) {
  if (args.size() != placeholders_) {
    throw wrong_sql(std::to_string(placeholders_) + " placeholders, " + std::to_string(args.size()) +
                    " values: " + sql_);
  }
  int index = 0;
  for (const Arg& arg : args) {
    if (const int code = bind_one(++index, arg, values); code != SQLITE_OK) fail(code);
  }
}

int Statement::bind_one(int index, const Arg& arg, Values values) {
  const auto lifetime = values == Values::until_done ? SQLITE_STATIC : SQLITE_TRANSIENT;
  sqlite3_stmt* const statement = handle_.get();
  switch (arg.type()) {
    case Arg::Type::null:
      return sqlite3_bind_null(statement, index);
    case Arg::Type::integer:
      return sqlite3_bind_int64(statement, index, arg.integer());
    case Arg::Type::real:
      return sqlite3_bind_double(statement, index, arg.real());
    case Arg::Type::text: {
      const auto* text =
          arg.data() ? static_cast<const char*>(arg.data()) : "";  // a null pointer would be NULL
      return sqlite3_bind_text64(statement, index, text, arg.size(), lifetime, SQLITE_UTF8);
    }
    case Arg::Type::blob:
      if (arg.size() == 0) return sqlite3_bind_zeroblob(statement, index, 0);
      return sqlite3_bind_blob64(statement, index, arg.data(), arg.size(), lifetime);
  }
  return SQLITE_MISUSE;
}

bool Statement::step() {
  connection_.serve(origin_);  // a changed schema makes SQLite compile it again
  errno = 0;
  const int code = sqlite3_step(handle_.get());
  is_at_row_ = code == SQLITE_ROW;
  if (is_at_row_ || code == SQLITE_DONE) return is_at_row_;
  fail(code);
}

// SQLite looks at the foreign keys that a change has touched behind the last row that it returns. A statement
// that failed must not be stepped: it would begin anew.
void Statement::complete() noexcept {
  if (!is_at_row_ || sqlite3_stmt_readonly(handle_.get()) != 0) return reset();
  connection_.serve(origin_);
  int code = SQLITE_ROW;
  while (code == SQLITE_ROW) code = sqlite3_step(handle_.get());
  if (code != SQLITE_DONE) connection_.failed_unheard(code, sql_);
  reset();
}

void Statement::run() {
  struct Reset {
    Statement& statement;
    ~Reset() { statement.reset(); }
  } const reset{*this};
  while (step()) {
  }
}

Status Statement::try_run() noexcept {
  try {
    run();
    return success();
  } catch (const Failure& failure) {
    return failure.error();
  }
}

int Statement::type(int column) const {
  if (column < 0 || column >= sqlite3_data_count(handle_.get())) {
    throw wrong_sql("no column " + std::to_string(column) + " in the row: " + sql_);
  }
  return sqlite3_column_type(handle_.get(), column);
}

std::int64_t Statement::integer(int column) const {
  if (type(column) != SQLITE_INTEGER) wrong_type(column, "an integer");
  return sqlite3_column_int64(handle_.get(), column);
}

double Statement::real(int column) const {
  const int stored = type(column);
  if (stored != SQLITE_FLOAT && stored != SQLITE_INTEGER) wrong_type(column, "a number");
  return sqlite3_column_double(handle_.get(), column);
}

std::string_view Statement::text(int column) const {
  if (type(column) != SQLITE_TEXT) wrong_type(column, "text");
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), column));
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

std::span<const std::byte> Statement::blob(int column) const {
  if (type(column) != SQLITE_BLOB) wrong_type(column, "a blob");
  const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(handle_.get(), column));
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

Uuid Statement::uuid(int column) const {
  const auto bytes = blob(column);
  Uuid id;
  if (bytes.size() != id.bytes.size()) wrong_type(column, "16 bytes");
  std::ranges::copy(bytes, id.bytes.begin());
  return id;
}

void Statement::wrong_type(int column, std::string_view wanted) const {
  throw Failure{Error{Errc::internal, "store.wrong_type",
                      "column " + std::to_string(column) + " is not " + std::string{wanted} + ": " + sql_}};
}

void Statement::fail(int code) const { throw Failure{connection_.failed(code, sql_)}; }

}  // namespace banyan::store
