#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace banyan::json {

class Value;
using Array = std::vector<Value>;
/// Members in document order, names unique (the parser refuses a second one).
using Object = std::vector<std::pair<std::string, Value>>;

/// One parsed JSON value. A number without fraction and exponent is an integer; every other number is a
/// double.
class Value {
 public:
  using Variant = std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object>;

  Value() = default;
  template <class T>
  requires std::is_constructible_v<Variant, T&&> Value(T&& value) : v_(std::forward<T>(value)) {}

  bool is_null() const noexcept { return std::holds_alternative<std::nullptr_t>(v_); }
  /// The value if it is of type T, else nullptr.
  template <class T>
  const T* if_a() const noexcept {
    return std::get_if<T>(&v_);
  }
  template <class T>
  T* if_a() noexcept {
    return std::get_if<T>(&v_);
  }

  /// Calls `visitor` with the value as what it is.
  template <class Visitor>
  decltype(auto) visit(Visitor&& visitor) const {
    return std::visit(std::forward<Visitor>(visitor), v_);
  }

  /// The member of that name if this is an object that has one, else nullptr.
  const Value* find(std::string_view name) const noexcept;
  /// "null", "boolean", "integer", "number", "string", "array" or "object".
  std::string_view type_name() const noexcept;

 private:
  Variant v_;
};

}  // namespace banyan::json
