#include "default_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "names.hpp"

namespace banyan::contractc {
namespace {

double to_double(const std::string& text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

bool is_within(double value, const Schema& schema) {
  return (schema.minimum.empty() || value >= to_double(schema.minimum)) &&
         (schema.maximum.empty() || value <= to_double(schema.maximum)) &&
         (schema.exclusive_minimum.empty() || value > to_double(schema.exclusive_minimum)) &&
         (schema.exclusive_maximum.empty() || value < to_double(schema.exclusive_maximum));
}

/// The default as C++, or empty if the schema refuses it.
std::string literal(const Node& node, const Schema& schema) {
  switch (schema.shape) {
    case Shape::boolean:
      return node.as_boolean() ? node.text : "";
    case Shape::integer:
      return node.as_integer() && is_within(static_cast<double>(*node.as_integer()), schema) ? node.text : "";
    case Shape::number:
      return node.as_number() && is_within(*node.as_number(), schema) ? node.text : "";
    case Shape::enumeration: {
      const auto& values = schema.values;
      const bool is_known = std::find(values.begin(), values.end(), node.text) != values.end();
      return is_known ? fmt::format("{}::{}", schema.cpp_type, cpp_name(node.text)) : "";
    }
    case Shape::string: {
      const auto length = static_cast<std::int64_t>(node.text.size());
      const bool fits =
          length >= schema.min_length.value_or(0) && length <= schema.max_length.value_or(length);
      return node.is_string() && fits ? quoted(node.text) : "";
    }
    default:
      return "";
  }
}

}  // namespace

void read_default(const Node& node, Schema& schema, Problems& problems) {
  const Node* value = node.find("default");
  if (value == nullptr) return;
  schema.default_value = literal(*value, schema);
  if (schema.default_value.empty()) {
    problems.add(value->place, "the default is no value that this schema of type {} allows; give one that is",
                 to_string(schema.shape));
  }
}

}  // namespace banyan::contractc
