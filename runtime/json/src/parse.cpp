#include "banyan/json/parse.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

namespace banyan::json {
namespace {

/// Walks the text and shows to others how far the lexer has come, for the offsets in errors.
class Cursor {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  explicit Cursor(const char*& position) : position_(&position) {}

  reference operator*() const { return **position_; }
  Cursor& operator++() { return ++*position_, *this; }
  bool operator==(const Cursor& other) const { return *position_ == *other.position_; }

 private:
  const char** position_;
};

bool has_duplicate(const Object& members) {
  constexpr std::size_t few = 16;
  if (members.size() <= few) {
    for (auto a = members.begin(); a != members.end(); ++a) {
      if (std::any_of(members.begin(), a, [&](const auto& b) { return a->first == b.first; })) return true;
    }
    return false;
  }
  std::vector<std::string_view> names;
  names.reserve(members.size());
  for (const auto& member : members) names.emplace_back(member.first);
  std::sort(names.begin(), names.end());
  return std::adjacent_find(names.begin(), names.end()) != names.end();
}

/// Receives the lexer's events and builds the document without recursion. Every event answers whether to go
/// on.
class Builder {
 public:
  Builder(const ParseLimits& limits, std::string_view text, const char* const& position)
      : limits_(limits), text_(text), position_(position) {}

  Result<Value> result() && {
    if (error_) return *std::move(error_);
    return std::move(root_);
  }

  bool null() { return scalar(nullptr); }
  bool boolean(bool value) { return scalar(value); }
  bool number_integer(std::int64_t value) { return scalar(value); }

  bool number_unsigned(std::uint64_t value) {
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return refuse_range();
    return scalar(static_cast<std::int64_t>(value));
  }

  /// The lexer hands on integers beyond 64 bits as floats too; only the text tells them apart.
  bool number_float(double value, const std::string& text) {
    if (text.find_first_of(".eE") == std::string::npos) return refuse_range();
    return scalar(value);
  }

  /// Copied, not moved: the copy is as small as it can be, and the lexer keeps its buffer.
  bool string(const std::string& value) { return scalar(std::string{value}); }

  bool key(const std::string& name) {
    open_.back()->if_a<Object>()->emplace_back(name, Value{});
    return true;
  }

  bool start_object(std::size_t) {
    Object members;
    members.reserve(8);
    return open(std::move(members));
  }

  bool end_object() {
    if (has_duplicate(*open_.back()->if_a<Object>())) {
      return refuse(Errc::invalid_argument, "json.duplicate_member", "a name twice in the object ending");
    }
    open_.pop_back();
    return true;
  }

  bool start_array(std::size_t) { return open(Array{}); }

  bool end_array() {
    open_.pop_back();
    return true;
  }

  bool binary(nlohmann::json::binary_t&) { return refuse(Errc::invalid_argument, "json.syntax", "binary"); }

  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& problem) {
    constexpr int number_overflow = 406;
    if (problem.id == number_overflow) return refuse_range();
    return refuse(Errc::invalid_argument, "json.syntax", "not JSON");
  }

  bool refuse(Errc code, std::string_view reason, std::string_view what) {
    error_.emplace(code, reason, std::string{what} + " at byte " + std::to_string(position_ - text_.data()));
    return false;
  }

 private:
  template <class T>
  bool scalar(T&& value) {
    return place(Value{std::forward<T>(value)}) != nullptr;
  }

  template <class Container>
  bool open(Container&& container) {
    if (open_.size() >= limits_.depth_max) {
      return refuse(Errc::resource_exhausted, "json.too_deep", "nested too deeply");
    }
    Value* value = place(Value{std::move(container)});
    if (value != nullptr) open_.push_back(value);
    return value != nullptr;
  }

  /// Where the value came to lie: it stays there until its container grows, thus while it is open itself.
  Value* place(Value&& value) {
    if (open_.empty()) return root_ = std::move(value), &root_;
    if (++elements_ > limits_.elements_max) {
      refuse(Errc::resource_exhausted, "json.too_many", "too many elements");
      return nullptr;
    }
    if (auto* elements = open_.back()->if_a<Array>()) return &elements->emplace_back(std::move(value));
    Value& member = open_.back()->if_a<Object>()->back().second;
    return member = std::move(value), &member;
  }

  bool refuse_range() { return refuse(Errc::invalid_argument, "json.number_range", "number out of range"); }

  const ParseLimits& limits_;
  std::string_view text_;
  const char* const& position_;
  Value root_;
  std::vector<Value*> open_;  ///< The containers around the next value, innermost last.
  std::size_t elements_ = 0;
  std::optional<Error> error_;
};

}  // namespace

Result<Value> parse(std::string_view text, const ParseLimits& limits) {
  if (text.size() > limits.bytes_max) {
    return Error{Errc::resource_exhausted, "json.too_large", std::to_string(text.size()) + " bytes"};
  }
  const char* position = text.data();
  const char* end = text.data() + text.size();
  Builder builder{limits, text, position};
  // The lexer would skip a byte order mark, and take a NUL for the end of the text.
  if (text.starts_with("\xEF\xBB\xBF")) {
    builder.refuse(Errc::invalid_argument, "json.syntax", "byte order mark");
  } else if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    position += nul;
    builder.refuse(Errc::invalid_argument, "json.syntax", "NUL");
  } else {
    nlohmann::json::sax_parse(Cursor{position}, Cursor{end}, &builder);
  }
  return std::move(builder).result();
}

}  // namespace banyan::json
