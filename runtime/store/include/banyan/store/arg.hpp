#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "banyan/base/clock.hpp"
#include "banyan/base/moment.hpp"
#include "banyan/base/uuid.hpp"

namespace banyan::store {

/// The types that become an INTEGER column. Characters and enumerations don't by accident: say which number
/// is meant.
template <class T>
concept StoredInteger = std::integral<T> && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
                        !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;

/// A value for one parameter of a statement, made implicitly where a statement is called.
/// Lifetime: views text and bytes; made and used within one call.
class Arg {
 public:
  enum class Type : std::uint8_t { null, integer, real, text, blob };

  /// Whether a column holds each value of a type.
  template <StoredInteger T>
  static constexpr bool fits = std::numeric_limits<T>::digits <= std::numeric_limits<std::int64_t>::digits;

  Arg(std::nullptr_t) noexcept {}
  Arg(std::nullopt_t) noexcept {}
  /// Throws Failure "store.out_of_range" for an unsigned value beyond int64.
  template <StoredInteger T>
  Arg(T value) noexcept(fits<T>) : type_(Type::integer), integer_(static_cast<std::int64_t>(value)) {
    if constexpr (!fits<T>) {
      if (!std::in_range<std::int64_t>(value)) refuse();
    }
  }
  template <std::floating_point T>
  Arg(T value) noexcept : type_(Type::real), real_(value) {}
  /// UTF-8; may contain NUL. Empty text is text, not NULL.
  Arg(std::string_view text) noexcept : type_(Type::text), size_(text.size()), data_(text.data()) {}
  Arg(const char* text) noexcept : Arg(std::string_view{text}) {}
  Arg(const std::string& text) noexcept : Arg(std::string_view{text}) {}
  Arg(std::span<const std::byte> bytes) noexcept
      : type_(Type::blob), size_(bytes.size()), data_(bytes.data()) {}
  Arg(const std::vector<std::byte>& bytes) noexcept : Arg(std::span{bytes}) {}
  /// A blob of 16 bytes: sorts as the ids do.
  Arg(const Uuid& id) noexcept : Arg(std::span<const std::byte>{id.bytes}) {}
  /// An integer: microseconds since 1970.
  Arg(Timestamp time) noexcept : Arg(std::int64_t{time.time_since_epoch().count()}) {}
  /// An integer: microseconds.
  Arg(Age age) noexcept : Arg(std::int64_t{age.time_since_epoch().count()}) {}
  template <class T>
  Arg(const std::optional<T>& value) noexcept : Arg(value ? Arg(*value) : Arg(nullptr)) {}

  Type type() const noexcept { return type_; }
  std::int64_t integer() const noexcept { return integer_; }
  double real() const noexcept { return real_; }
  std::size_t size() const noexcept { return size_; }
  const void* data() const noexcept { return data_; }

 private:
  [[noreturn]] static void refuse();

  Type type_ = Type::null;
  union {
    std::int64_t integer_ = 0;
    double real_;
    std::size_t size_;
  };
  const void* data_ = nullptr;
};

}  // namespace banyan::store
