#pragma once
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "banyan/base/clock.hpp"
#include "banyan/base/money.hpp"
#include "banyan/base/uuid.hpp"
#include "banyan/json/pattern.hpp"
#include "banyan/json/value.hpp"

/// The parts of generated decoders: one `read` per type, which fills a value from a document and tells all
/// that is wrong with it. A generated `read(const Input&, M&)` lies in the namespace of M (not in an unnamed
/// one), so that Members and the overloads for arrays find it:
///
///   void read(const json::Input& in, Line& to) {
///     json::Members members{in};
///     members.required("product_id", to.product_id);
///     members.required("quantity", to.quantity, json::IntegerRules{.min = 1, .max = 1000});
///     members.optional("note", to.note, json::StringRules{.length_max = 80});
///     members.refuse_others({"product_id", "quantity", "note"});
///   }
///
/// A target that was complained about holds an unspecified value of its type.
namespace banyan::json {

/// One way in which a document breaks its schema.
struct Violation {
  std::string pointer;  ///< RFC 6901 as a URI fragment: "#/lines/0/quantity".
  std::string detail;   ///< "must be at least 1"
};

/// All that is wrong with a document, in the order of the schema, at most `violations_max` of them.
class Violations {
 public:
  static constexpr std::size_t violations_max = 100;

  bool empty() const noexcept { return all_.empty(); }
  const std::vector<Violation>& all() const noexcept { return all_; }
  /// Ignored once there are `violations_max`.
  void add(std::string pointer, std::string detail);

 private:
  std::vector<Violation> all_;
};

/// Where a decoder stands in the document; cheap to make, the text of the pointer is only built for a
/// violation. Lifetime: refers to its parent and to the name.
class Path {
 public:
  Path() = default;
  Path(const Path& parent, std::string_view member) : parent_(&parent), member_(member) {}
  Path(const Path& parent, std::size_t index) : parent_(&parent), index_(index), is_index_(true) {}

  std::string to_pointer() const;

 private:
  const Path* parent_ = nullptr;
  std::string_view member_;
  std::size_t index_ = 0;
  bool is_index_ = false;
};

/// One value of the document, where it stands, and where complaints about it go.
struct Input {
  const Value& value;
  const Path& at;
  Violations& violations;

  void refuse(std::string detail) const;
};

enum class Format : std::uint8_t { any, uuid, date_time, email, uri };

struct StringRules {
  std::size_t length_min = 0;  ///< Code points, like length_max.
  std::size_t length_max = std::numeric_limits<std::size_t>::max();
  const Pattern* pattern = nullptr;
  Format format = Format::any;
  std::span<const std::string_view> one_of = {};  ///< Empty: anything.
};

struct IntegerRules {
  std::int64_t min = std::numeric_limits<std::int64_t>::min();
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
};

/// Bounds of the amount.
struct MoneyRules {
  std::int64_t min = std::numeric_limits<std::int64_t>::min();
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
};

/// The rule of a std::optional that null leaves empty: `members.required("note", to.note, json::or_null)`.
struct OrNull {};
inline constexpr OrNull or_null;

struct NumberRules {
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  bool min_is_exclusive = false;
  bool max_is_exclusive = false;
};

struct ArrayRules {
  std::size_t count_min = 0;
  std::size_t count_max = std::numeric_limits<std::size_t>::max();
};

/// The name of one constant of an enumeration.
template <class E>
struct Choice {
  std::string_view name;
  E value;
};

void read(const Input& in, std::string& to, const StringRules& rules = {});
/// As in JSON Schema 1.0 is an integer too, up to 2^53.
void read(const Input& in, std::int64_t& to, const IntegerRules& rules = {});
void read(const Input& in, double& to, const NumberRules& rules = {});
void read(const Input& in, bool& to);
/// A string of format uuid.
void read(const Input& in, Uuid& to);
/// A string of format date-time.
void read(const Input& in, Timestamp& to);
/// {"amount_minor": integer, "currency": three capital letters}.
void read(const Input& in, Money& to, const MoneyRules& rules = {});
/// Any value, as it is.
void read(const Input& in, Value& to);

/// The index of the name among `names`; a complaint and 0 if it is none of them.
std::size_t read_choice(const Input& in, std::span<const std::string_view> names);

/// For a generated `read(const Input&, E&)`; `choices` is not empty.
template <class E, std::size_t n>
void read_choice(const Input& in, E& to, const Choice<E> (&choices)[n]) {
  std::string_view names[n];
  for (std::size_t i = 0; i < n; ++i) names[i] = choices[i].name;
  to = choices[read_choice(in, names)].value;
}

/// The elements if this is an array of a permitted length; else a complaint and nullptr.
const Array* read_array(const Input& in, const ArrayRules& rules);

/// `element_rules` apply to each element.
template <class T, class... Rules>
void read(const Input& in, std::vector<T>& to, const ArrayRules& rules = {}, const Rules&... element_rules) {
  const Array* elements = read_array(in, rules);
  if (elements == nullptr) return;
  to.reserve(elements->size());
  for (const Value& element : *elements) {
    T item{};
    read(Input{element, Path{in.at, to.size()}, in.violations}, item, element_rules...);
    to.push_back(std::move(item));
  }
}

template <class T, class... Rules>
void read(const Input& in, std::optional<T>& to, const Rules&... rules) {
  read(in, to.emplace(), rules...);
}

template <class T, class... Rules>
void read(const Input& in, std::optional<T>& to, OrNull, const Rules&... rules) {
  if (in.value.is_null()) {
    to.reset();
  } else {
    read(in, to.emplace(), rules...);
  }
}

/// The members of one object. Anything but an object is one complaint, and all that is read from it is left
/// alone. Lifetime: within the call of one decoder.
class Members {
 public:
  explicit Members(const Input& in);

  /// A missing member is a complaint.
  template <class T, class... Rules>
  void required(std::string_view name, T& to, const Rules&... rules) {
    if (const Value* value = find(name)) {
      read(Input{*value, Path{at_, name}, violations_}, to, rules...);
    } else {
      refuse_missing(name);
    }
  }

  /// A missing member leaves `to` as it is. null counts as present.
  template <class T, class... Rules>
  void optional(std::string_view name, T& to, const Rules&... rules) {
    if (const Value* value = find(name)) read(Input{*value, Path{at_, name}, violations_}, to, rules...);
  }

  /// Every member that is not among `known` is a complaint. Call it after all others, with all their names.
  void refuse_others(std::initializer_list<std::string_view> known) const;

 private:
  const Value* find(std::string_view name) noexcept;
  void refuse_missing(std::string_view name) const;

  const Object* members_;
  Path at_;
  Violations& violations_;
  std::size_t next_ = 0;  ///< Where the search for a member begins.
  std::size_t found_ = 0;
};

/// The whole document as an M, for a message's descriptor; nullptr exactly when something was added to
/// `violations`, which must be empty before.
template <class M>
std::shared_ptr<const void> decode(const Value& document, Violations& violations) {
  auto message = std::make_shared<M>();
  read(Input{document, Path{}, violations}, *message);
  if (!violations.empty()) return nullptr;
  return message;
}

}  // namespace banyan::json
