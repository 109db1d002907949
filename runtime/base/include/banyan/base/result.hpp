#pragma once
#include <utility>
#include <variant>

#include "banyan/base/assert.hpp"
#include "banyan/base/error.hpp"

namespace banyan {

struct Unit {
  friend bool operator==(Unit, Unit) { return true; }
};

/// Either a value or an Error. Dropping one is a compile error; reading the wrong side aborts.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : v_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : v_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const noexcept { return v_.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }

  T& value() & { return BANYAN_ASSERT(ok()), *std::get_if<0>(&v_); }
  const T& value() const& { return BANYAN_ASSERT(ok()), *std::get_if<0>(&v_); }
  T&& value() && { return BANYAN_ASSERT(ok()), std::move(*std::get_if<0>(&v_)); }
  const Error& error() const { return BANYAN_ASSERT(!ok()), *std::get_if<1>(&v_); }

 private:
  std::variant<T, Error> v_;
};

/// Success without a value, or an Error.
using Status = Result<Unit>;

inline Status success() { return Unit{}; }

}  // namespace banyan
