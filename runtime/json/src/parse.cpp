#include "banyan/json/parse.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cmath>
#include <limits>
#include <vector>

namespace banyan::json {
namespace {

namespace boost_json = boost::json;
using boost_json::error_code;
using Text = boost_json::string_view;

struct Fault {
  Errc code;
  std::string_view reason;
  std::string_view what;
};

constexpr Fault syntax{Errc::invalid_argument, "json.syntax", "not JSON"};
constexpr Fault duplicate{Errc::invalid_argument, "json.duplicate_member",
                          "a name twice in the object ending"};
constexpr Fault range{Errc::invalid_argument, "json.number_range", "number out of range"};
constexpr Fault too_deep{Errc::resource_exhausted, "json.too_deep", "nested too deeply"};
constexpr Fault too_many{Errc::resource_exhausted, "json.too_many", "too many elements"};

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

/// Receives the parser's events and builds the document. Every event answers whether to go on; the names of
/// the events are the parser's.
class Builder {
 public:
  static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_array_size = max_object_size;
  static constexpr std::size_t max_key_size = max_object_size;
  static constexpr std::size_t max_string_size = max_object_size;

  explicit Builder(const ParseLimits& limits) : limits_(limits) {}

  Value take() { return std::move(root_); }
  /// The fault of the document, if there was one.
  const Fault& fault() const { return *fault_; }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }

  bool on_object_begin(error_code& stop) {
    Object members;
    members.reserve(8);
    return open(std::move(members), stop);
  }

  bool on_object_end(std::size_t, error_code& stop) {
    if (has_duplicate(*open_.back()->if_a<Object>())) return refuse(duplicate, stop);
    open_.pop_back();
    return true;
  }

  bool on_array_begin(error_code& stop) { return open(Array{}, stop); }

  bool on_array_end(std::size_t, error_code&) {
    open_.pop_back();
    return true;
  }

  bool on_key_part(Text part, std::size_t, error_code&) {
    return text_.append(part.data(), part.size()), true;
  }

  bool on_key(Text rest, std::size_t, error_code&) {
    open_.back()->if_a<Object>()->emplace_back(take_text(rest), Value{});
    return true;
  }

  bool on_string_part(Text part, std::size_t, error_code&) {
    return text_.append(part.data(), part.size()), true;
  }

  bool on_string(Text rest, std::size_t, error_code& stop) { return place(take_text(rest), stop); }

  bool on_number_part(Text, error_code&) { return true; }
  bool on_int64(std::int64_t value, Text, error_code& stop) { return place(value, stop); }
  bool on_uint64(std::uint64_t, Text, error_code& stop) { return refuse(range, stop); }

  /// Integers beyond 64 bits come here too. The parser's own value is only near the right one.
  bool on_double(double near, Text text, error_code& stop) {
    const std::string_view number{text.data(), text.size()};
    if (number.find_first_of(".eE") == std::string_view::npos) return refuse(range, stop);
    double value = 0;
    const auto result = std::from_chars(number.data(), number.data() + number.size(), value);
    if (result.ec == std::errc::result_out_of_range && std::abs(near) > 1) return refuse(range, stop);
    return place(value, stop);
  }

  bool on_bool(bool value, error_code& stop) { return place(value, stop); }
  bool on_null(error_code& stop) { return place(nullptr, stop); }
  bool on_comment_part(Text, error_code&) { return true; }
  bool on_comment(Text, error_code&) { return true; }

 private:
  bool refuse(const Fault& fault, error_code& stop) {
    fault_ = &fault;
    stop = boost_json::error::syntax;
    return false;
  }

  /// A text comes in parts where it has escapes.
  std::string take_text(Text rest) {
    if (text_.empty()) return {rest.data(), rest.size()};
    text_.append(rest.data(), rest.size());
    return std::exchange(text_, {});
  }

  template <class Container>
  bool open(Container&& container, error_code& stop) {
    if (open_.size() >= limits_.depth_max) return refuse(too_deep, stop);
    if (!place(std::move(container), stop)) return false;
    open_.push_back(last_);
    return true;
  }

  /// Puts a value where it belongs. It stays there until its container grows, thus while it is open itself.
  template <class T>
  bool place(T&& value, error_code& stop) {
    if (open_.empty()) {
      last_ = &root_;
      root_ = std::forward<T>(value);
      return true;
    }
    if (++elements_ > limits_.elements_max) return refuse(too_many, stop);
    if (auto* elements = open_.back()->template if_a<Array>()) {
      last_ = &elements->emplace_back(std::forward<T>(value));
    } else {
      last_ = &open_.back()->template if_a<Object>()->back().second;
      *last_ = std::forward<T>(value);
    }
    return true;
  }

  const ParseLimits& limits_;
  Value root_;
  Value* last_ = nullptr;     ///< The value placed last.
  std::vector<Value*> open_;  ///< The containers around the next value, innermost last.
  std::string text_;          ///< The parts of a name or string so far.
  std::size_t elements_ = 0;
  const Fault* fault_ = &syntax;
};

boost_json::parse_options options_for(const ParseLimits& limits) {
  boost_json::parse_options options;
  options.max_depth = limits.depth_max + 1;  // The builder's own limit comes first.
  return options;
}

}  // namespace

Result<Value> parse(std::string_view text, const ParseLimits& limits) {
  if (text.size() > limits.bytes_max) {
    return Error{Errc::resource_exhausted, "json.too_large", std::to_string(text.size()) + " bytes"};
  }
  boost_json::basic_parser<Builder> parser{options_for(limits), limits};
  error_code problem;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), problem);
  if (problem || read < text.size()) {
    const bool is_huge_exponent = problem == boost_json::error::exponent_overflow;
    const Fault& fault = is_huge_exponent ? range : parser.handler().fault();
    return Error{fault.code, fault.reason, std::string{fault.what} + " at byte " + std::to_string(read)};
  }
  return parser.handler().take();
}

}  // namespace banyan::json
