#include "banyan/store/rows.hpp"

#include "banyan/store/failure.hpp"
#include "statement.hpp"

namespace banyan::store {

void Arg::refuse() {
  throw Failure{Error{Errc::invalid_argument, "store.out_of_range", "a number is beyond 2^63 - 1"}};
}

Rows::Rows(Statement& statement) noexcept : statement_(&statement) { statement.in_use = true; }

bool Rows::next() {
  if (statement_ == nullptr) return false;
  if (statement_->step()) return true;
  finish();
  return false;
}

void Rows::finish() noexcept {
  if (statement_ == nullptr) return;
  statement_->complete();
  statement_->in_use = false;
  statement_ = nullptr;
}

bool Rows::is_null(int column) const { return row().is_null(column); }
std::int64_t Rows::integer(int column) const { return row().integer(column); }
double Rows::real(int column) const { return row().real(column); }
std::string_view Rows::text(int column) const { return row().text(column); }
std::span<const std::byte> Rows::blob(int column) const { return row().blob(column); }
Uuid Rows::uuid(int column) const { return row().uuid(column); }
void Rows::wrong_type(int column, std::string_view wanted) const { row().wrong_type(column, wanted); }

const Statement& Rows::row() const {
  BANYAN_ASSERT(statement_ != nullptr);
  return *statement_;
}

}  // namespace banyan::store
