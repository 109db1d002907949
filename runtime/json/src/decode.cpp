#include "banyan/json/decode.hpp"

#include <algorithm>
#include <boost/url/parse.hpp>
#include <charconv>
#include <cmath>

namespace banyan::json {
namespace {

/// A name as RFC 6901 puts it into a pointer and RFC 3986 that into a fragment.
void append_reference_token(std::string& out, std::string_view name) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  constexpr std::string_view also_plain = "-._!$&'()*+,;=:@?";
  for (const char c : name) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                          also_plain.find(c) != std::string_view::npos;
    if (is_plain) {
      out += c;
    } else if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += '%';
      out += hex[static_cast<unsigned char>(c) >> 4];
      out += hex[static_cast<unsigned char>(c) & 0xF];
    }
  }
}

std::string to_text(double value) {
  std::array<char, 32> text;
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

std::size_t count_code_points(std::string_view text) {
  const auto is_first_byte = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_first_byte));
}

/// The form that the web's own forms accept, with at least one dot in the domain.
bool is_email(std::string_view text) {
  static const Pattern address{
      R"(^[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+)*)"
      R"(@(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?\.)+[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$)"};
  return address.found_in(text);
}

/// The fault in the format of `text`; empty if there is none.
std::string_view find_format_fault(std::string_view text, Format format) {
  switch (format) {
    case Format::any:
      return {};
    case Format::uuid:
      return parse_uuid(text) ? "" : "must be a UUID";
    case Format::date_time:
      return parse_rfc3339(text) ? "" : "must be a date and time as in RFC 3339";
    case Format::email:
      return is_email(text) ? "" : "must be an e-mail address";
    case Format::uri:
      return boost::urls::parse_uri(text) ? "" : "must be a URI";
  }
  return {};
}

std::string join(std::span<const std::string_view> names) {
  std::string all;
  for (const std::string_view name : names) {
    if (!all.empty()) all += ", ";
    all += name;
  }
  return all;
}

/// The value as a T, or nullptr and the complaint that it should be `type`.
template <class T>
const T* expect(const Input& in, std::string_view type) {
  const T* value = in.value.if_a<T>();
  if (value == nullptr) in.refuse("must be " + std::string{type});
  return value;
}

/// The integer that a JSON number without fraction is, if a double holds it exactly.
std::optional<std::int64_t> to_integer(const Value& value) {
  constexpr double exact_max = 0x1p53;
  if (const auto* integer = value.if_a<std::int64_t>()) return *integer;
  const auto* number = value.if_a<double>();
  if (number == nullptr || std::trunc(*number) != *number || std::abs(*number) > exact_max)
    return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

}  // namespace

void Violations::add(std::string pointer, std::string detail) {
  if (all_.size() < violations_max) all_.push_back({std::move(pointer), std::move(detail)});
}

std::string Path::to_pointer() const {
  if (parent_ == nullptr) return "#";
  std::string pointer = parent_->to_pointer();
  pointer += '/';
  if (is_index_) {
    pointer += std::to_string(index_);
  } else {
    append_reference_token(pointer, member_);
  }
  return pointer;
}

void Input::refuse(std::string detail) const { violations.add(at.to_pointer(), std::move(detail)); }

void read(const Input& in, std::string& to, const StringRules& rules) {
  const auto* text = expect<std::string>(in, "a string");
  if (text == nullptr) return;
  to = *text;
  const std::size_t length = count_code_points(to);
  if (length < rules.length_min) {
    in.refuse("must have at least " + std::to_string(rules.length_min) + " characters");
  }
  if (length > rules.length_max) {
    in.refuse("must have at most " + std::to_string(rules.length_max) + " characters");
  }
  if (rules.pattern != nullptr && !rules.pattern->found_in(to)) {
    in.refuse("must match " + rules.pattern->expression());
  }
  if (const auto fault = find_format_fault(to, rules.format); !fault.empty()) in.refuse(std::string{fault});
  if (!rules.one_of.empty()) read_choice(in, rules.one_of);
}

void read(const Input& in, std::int64_t& to, const IntegerRules& rules) {
  const auto value = to_integer(in.value);
  if (!value) return in.refuse("must be an integer");
  to = *value;
  if (to < rules.min) in.refuse("must be at least " + std::to_string(rules.min));
  if (to > rules.max) in.refuse("must be at most " + std::to_string(rules.max));
}

void read(const Input& in, double& to, const NumberRules& rules) {
  if (const auto* integer = in.value.if_a<std::int64_t>()) {
    to = static_cast<double>(*integer);
  } else if (const auto* number = expect<double>(in, "a number")) {
    to = *number;
  } else {
    return;
  }
  if (to < rules.min || (rules.min_is_exclusive && to == rules.min)) {
    in.refuse((rules.min_is_exclusive ? "must be more than " : "must be at least ") + to_text(rules.min));
  }
  if (to > rules.max || (rules.max_is_exclusive && to == rules.max)) {
    in.refuse((rules.max_is_exclusive ? "must be less than " : "must be at most ") + to_text(rules.max));
  }
}

void read(const Input& in, bool& to) {
  if (const auto* value = expect<bool>(in, "true or false")) to = *value;
}

void read(const Input& in, Uuid& to) {
  const auto* text = expect<std::string>(in, "a string");
  if (text == nullptr) return;
  const auto id = parse_uuid(*text);
  if (!id) return in.refuse("must be a UUID");
  to = id.value();
}

void read(const Input& in, Timestamp& to) {
  const auto* text = expect<std::string>(in, "a string");
  if (text == nullptr) return;
  const auto time = parse_rfc3339(*text);
  if (!time) return in.refuse("must be a date and time as in RFC 3339");
  to = time.value();
}

void read(const Input& in, Money& to, const MoneyRules& rules) {
  static const Pattern currency{"^[A-Z]{3}$"};
  Members members{in};
  members.required("amount_minor", to.amount_minor, IntegerRules{.min = rules.min, .max = rules.max});
  members.required("currency", to.currency, StringRules{.pattern = &currency});
  members.refuse_others({"amount_minor", "currency"});
}

void read(const Input& in, Value& to) { to = in.value; }

std::size_t read_choice(const Input& in, std::span<const std::string_view> names) {
  const auto* text = expect<std::string>(in, "a string");
  if (text == nullptr) return 0;
  const auto found = std::find(names.begin(), names.end(), *text);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  in.refuse("must be one of " + join(names));
  return 0;
}

const Array* read_array(const Input& in, const ArrayRules& rules) {
  const auto* elements = expect<Array>(in, "an array");
  if (elements == nullptr) return nullptr;
  if (elements->size() < rules.count_min) {
    in.refuse("must have at least " + std::to_string(rules.count_min) + " elements");
    return nullptr;
  }
  if (elements->size() > rules.count_max) {
    in.refuse("must have at most " + std::to_string(rules.count_max) + " elements");
    return nullptr;
  }
  return elements;
}

Members::Members(const Input& in)
    : members_(expect<Object>(in, "an object")), at_(in.at), violations_(in.violations) {}

const Value* Members::find(std::string_view name) noexcept {
  if (members_ == nullptr) return nullptr;
  // Most documents have their members in the order of the schema: the next one is looked at first.
  const auto is_named = [name](const auto& member) { return member.first == name; };
  const auto next = members_->begin() + static_cast<std::ptrdiff_t>(next_);
  auto found = std::find_if(next, members_->end(), is_named);
  if (found == members_->end()) {
    found = std::find_if(members_->begin(), next, is_named);
    if (found == next) return nullptr;
  }
  next_ = static_cast<std::size_t>(found - members_->begin()) + 1;
  ++found_;
  return &found->second;
}

void Members::refuse_missing(std::string_view name) const {
  if (members_ != nullptr) violations_.add(Path{at_, name}.to_pointer(), "is required");
}

void Members::refuse_others(std::initializer_list<std::string_view> known) const {
  if (members_ == nullptr || found_ == members_->size()) return;
  for (const auto& member : *members_) {
    if (std::find(known.begin(), known.end(), member.first) != known.end()) continue;
    violations_.add(Path{at_, member.first}.to_pointer(), "is not known");
  }
}

}  // namespace banyan::json
