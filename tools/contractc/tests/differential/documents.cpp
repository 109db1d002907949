#include "documents.hpp"

#include <algorithm>
#include <optional>

#include "banyan/json/pattern.hpp"

using banyan::json::Array;
using banyan::json::Object;
using banyan::json::Value;

namespace {

const std::vector<std::string> uuids{"01939c5a-7b1e-7c3d-9a50-3f2b8e6d1c47",
                                     "01939C5A-7B1E-7C3D-9A50-3F2B8E6D1C47",
                                     "00000000-0000-0000-0000-000000000000"};
const std::vector<std::string> times{"2026-01-31T12:00:00Z", "2024-02-29T23:59:59.123456+05:30",
                                     "1970-01-01T00:00:00.5-08:00"};
const std::vector<std::string> emails{"a@example.com", "maria.anders+shop@mail.example.org"};
const std::vector<std::string> uris{"https://example.com/x?y=1#z", "urn:isbn:0451450523",
                                    "mailto:a@example.com"};

/// Texts of which at least one matches each pattern that contracts use, and others that match none.
const std::vector<std::string> texts{
    "a",   "lamp 2",      "bulb",  "abc def 12", "EUR",  "USD",     "030-0074321", "+49 30 1234",
    "A-1", "chai.0_b-17", "tok_1", "confirmed",  "x y",  "ab",      "né 2",        "\xF0\x9F\x98\x80",
    "",    "eur",         "EURO",  "-",          "_ab ", "A\tB\nC", "\"\\/"};

/// Texts that look like a format, and are not of it, or only just.
const std::vector<std::string> near_misses{"01939c5a7b1e7c3d9a503f2b8e6d1c47",
                                           "01939c5a-7b1e-7c3d-9a50-3f2b8e6d1c4g",
                                           "{01939c5a-7b1e-7c3d-9a50-3f2b8e6d1c47}",
                                           "2026-02-30T12:00:00Z",
                                           "2026-01-31",
                                           "2026-01-31T12:00:00",
                                           "2026-01-31T24:00:00Z",
                                           "2026-13-01T00:00:00Z",
                                           "2025-02-29T00:00:00Z",
                                           "2026-01-31T12:00:00+25:00",
                                           "2026-1-31T12:00:00Z",
                                           "26-01-31T12:00:00Z",
                                           "2026-01-31T12:00:00.Z",
                                           "nobody",
                                           "@example.com",
                                           "a@",
                                           "a@b@example.com",
                                           "a b@example.com",
                                           "a@-example.com",
                                           "a..b@example.com",
                                           "not a uri",
                                           "/relative/path",
                                           "example.com",
                                           "http://exa mple.com",
                                           "1http://example.com",
                                           "://example.com"};

const std::vector<Value> others{Value{nullptr},          Value{true},    Value{std::int64_t{0}},
                                Value{std::int64_t{-1}}, Value{1.5},     Value{std::string{}},
                                Value{std::string{"x"}}, Value{Array{}}, Value{Object{}}};

std::string text_of(const Value& schema, std::string_view keyword) {
  const Value* value = schema.find(keyword);
  const auto* text = value == nullptr ? nullptr : value->if_a<std::string>();
  return text == nullptr ? "" : *text;
}

std::optional<double> number_of(const Value& schema, std::string_view keyword) {
  const Value* value = schema.find(keyword);
  if (value == nullptr) return std::nullopt;
  if (const auto* integer = value->if_a<std::int64_t>()) return static_cast<double>(*integer);
  return *value->if_a<double>();
}

std::size_t count_of(const Value& schema, std::string_view keyword, std::size_t otherwise) {
  const std::optional<double> count = number_of(schema, keyword);
  return count ? static_cast<std::size_t>(*count) : otherwise;
}

bool is_required(const Value& schema, const std::string& name) {
  const Value* required = schema.find("required");
  if (required == nullptr) return false;
  const auto& names = *required->if_a<Array>();
  return std::any_of(names.begin(), names.end(),
                     [&](const Value& one) { return *one.if_a<std::string>() == name; });
}

/// The type, without "null".
std::string type_of(const Value& schema) {
  const Value* type = schema.find("type");
  if (const auto* all = type->if_a<Array>()) return *all->front().if_a<std::string>();
  return *type->if_a<std::string>();
}

std::size_t length_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// Every value inside `value`, and itself.
void collect(Value& value, std::vector<Value*>& out) {
  out.push_back(&value);
  if (auto* array = value.if_a<Array>()) {
    for (Value& element : *array) collect(element, out);
  }
  if (auto* object = value.if_a<Object>()) {
    for (auto& [name, member] : *object) collect(member, out);
  }
}

}  // namespace

std::size_t Documents::pick(std::size_t end) { return static_cast<std::size_t>(chance_() % end); }

const Value& Documents::resolve(const Value& schema) const {
  const Value* ref = schema.find("$ref");
  if (ref == nullptr) return schema;
  const std::string name = ref->if_a<std::string>()->substr(std::string_view{"#/components/schemas/"}.size());
  return resolve(*root_.find("components")->find("schemas")->find(name));
}

Value Documents::make(const Value& unresolved) {
  const Value& schema = resolve(unresolved);
  const bool may_be_null = schema.find("type")->if_a<Array>() != nullptr;
  if (may_be_null && pick(3) == 0) return Value{nullptr};
  const std::string type = type_of(schema);
  if (type == "object") return make_object(schema);
  if (type == "array") return make_array(schema);
  if (type == "integer") return make_integer(schema);
  if (type == "number") return make_number(schema);
  if (type == "boolean") return Value{pick(2) == 0};
  return Value{make_string(schema)};
}

Value Documents::make_object(const Value& schema) {
  Object object;
  const Value* properties = schema.find("properties");
  if (properties == nullptr) return Value{std::move(object)};
  for (const auto& [name, property] : *properties->if_a<Object>()) {
    if (is_required(schema, name) || pick(2) == 0) object.emplace_back(name, make(property));
  }
  if (pick(4) == 0) std::shuffle(object.begin(), object.end(), chance_);
  return Value{std::move(object)};
}

Value Documents::make_array(const Value& schema) {
  const std::size_t least = count_of(schema, "minItems", 0);
  const std::size_t most = std::min(count_of(schema, "maxItems", 3), least + 3);
  Array array;
  for (std::size_t count = least + pick(most - least + 1); count > 0; --count)
    array.push_back(make(*schema.find("items")));
  return Value{std::move(array)};
}

Value Documents::make_integer(const Value& schema) {
  const auto low = static_cast<std::int64_t>(number_of(schema, "minimum").value_or(-3));
  const auto high =
      static_cast<std::int64_t>(number_of(schema, "maximum").value_or(static_cast<double>(low + 5)));
  switch (pick(4)) {
    case 0:
      return Value{low};
    case 1:
      return Value{high};
    default:
      return Value{low + static_cast<std::int64_t>(pick(static_cast<std::size_t>(high - low) + 1))};
  }
}

Value Documents::make_number(const Value& schema) {
  const double low =
      number_of(schema, "minimum").value_or(number_of(schema, "exclusiveMinimum").value_or(-1));
  const double high =
      number_of(schema, "maximum").value_or(number_of(schema, "exclusiveMaximum").value_or(low + 2));
  return Value{low + (high - low) * static_cast<double>(pick(9)) / 8};
}

std::string Documents::make_string(const Value& schema) {
  if (const Value* values = schema.find("enum")) return *one_of(*values->if_a<Array>()).if_a<std::string>();
  const std::string format = text_of(schema, "format");
  if (format == "uuid") return one_of(uuids);
  if (format == "date-time") return one_of(times);
  if (format == "email") return one_of(emails);
  if (format == "uri") return one_of(uris);
  const std::string expression = text_of(schema, "pattern");
  const banyan::json::Pattern pattern{expression};
  for (int attempt = 0; attempt < 100; ++attempt) {
    const std::string& text = one_of(texts);
    const std::size_t length = length_of(text);
    const bool fits =
        length >= count_of(schema, "minLength", 0) && length <= count_of(schema, "maxLength", length);
    if (fits && pattern.found_in(text)) return text;
  }
  return std::string(count_of(schema, "minLength", 1), 'a');
}

void Documents::spoil(Value& document) {
  std::vector<Value*> all;
  collect(document, all);
  Value& value = *one_of(all);
  if (pick(4) == 0) {
    value = Value{one_of(others)};
  } else if (auto* object = value.if_a<Object>()) {
    spoil_object(*object);
  } else if (auto* array = value.if_a<Array>()) {
    spoil_array(*array);
  } else if (auto* text = value.if_a<std::string>()) {
    spoil_string(*text);
  } else {
    spoil_integer(value);
  }
}

void Documents::spoil_object(Object& object) {
  if (object.empty() || pick(3) == 0) {
    const bool is_known =
        std::any_of(object.begin(), object.end(), [](const auto& member) { return member.first == "extra"; });
    if (!is_known) object.emplace_back("extra", Value{one_of(others)});
  } else {
    object.erase(object.begin() + static_cast<std::ptrdiff_t>(pick(object.size())));
  }
}

void Documents::spoil_array(Array& array) {
  if (array.empty() || pick(4) == 0) {
    array.assign(pick(3), Value{one_of(others)});
  } else if (pick(3) == 0) {
    array.clear();
  } else {
    const Value element = one_of(array);
    array.resize(one_of<std::size_t>({2, 5, 101, 1001}), element);
  }
}

void Documents::spoil_integer(Value& value) {
  const auto* integer = value.if_a<std::int64_t>();
  if (integer == nullptr || pick(3) == 0) {
    value = one_of<Value>({Value{std::int64_t{0}}, Value{std::int64_t{-1}}, Value{std::int64_t{1} << 40},
                           Value{0.5}, Value{-2.25}, Value{3.0}});
  } else {
    value = Value{*integer + one_of<std::int64_t>({-1, 1, 1000, -1000})};
  }
}

void Documents::spoil_string(std::string& text) {
  switch (pick(5)) {
    case 0:
      text = one_of(texts);
      break;
    case 1:
      text = one_of(near_misses);
      break;
    case 2:
      text = one_of(uuids);
      break;
    case 3: {
      const std::string unit = one_of<std::string>({"x", "\xC3\xA9", "\xF0\x9F\x98\x80"});
      for (std::size_t count = one_of<std::size_t>({5, 6, 13, 201, 5000}); count > 0; --count) text += unit;
      break;
    }
    default:
      text += one_of<std::string>({" ", "A", "1", "!", "\n"});
  }
}
