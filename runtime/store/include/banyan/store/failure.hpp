#pragma once
#include <exception>
#include <utility>

#include "banyan/base/error.hpp"

namespace banyan::store {

/// A statement that failed. Thrown inside a transaction so that a handler need not test each statement;
/// caught where the transaction is driven (Database::attempt) and turned into its Error:
///  - resource_exhausted "store.full":          the disk is full.
///  - conflict           "store.constraint":    UNIQUE, CHECK, NOT NULL, FOREIGN KEY …; the detail names it.
///  - unavailable        "store.unreadable":    the disk refused a read (EIO …): the same may succeed later.
///  - unavailable        "store.unwritable":    the disk refused a write (EIO, a read-only file system …).
///  - data_loss          "store.corrupt":       the file is damaged: asking again gives the same.
///  - deadline_exceeded  "store.read_too_long": the reader's transaction is older than Options::read_age_max.
///  - internal           "store.wrong_type":    a column holds something else than was asked for.
///  - invalid_argument   "store.out_of_range":  a number is larger than a column can hold.
///  - internal           "store.busy":          another writer at work: a bug, there is one by design.
///  - internal           "store.sql":           everything else, mostly wrong SQL.
class Failure final : public std::exception {
 public:
  explicit Failure(Error error) : error_(std::move(error)) {}

  const Error& error() const noexcept { return error_; }
  const char* what() const noexcept override { return error_.detail().c_str(); }

 private:
  Error error_;
};

}  // namespace banyan::store
