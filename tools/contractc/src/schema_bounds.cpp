#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <tuple>

#include "schema.hpp"

/// The part of SchemaReader that reads limits: counts, lengths and bounds of numbers.
namespace banyan::contractc {

std::optional<std::int64_t> SchemaReader::read_count(const Node& node, std::string_view keyword) {
  const Node* count = node.find(keyword);
  if (count == nullptr) return std::nullopt;
  const std::optional<std::int64_t> value = count->as_integer();
  if (!value || *value < 0) {
    problems_.add(count->place, "'{}' is a count: write a whole number, not below 0", keyword);
    return std::nullopt;
  }
  return value;
}

void SchemaReader::check_order(const Node& node, std::string_view low_name, std::optional<std::int64_t> low,
                               std::string_view high_name, std::optional<std::int64_t> high) {
  if (low && high && *low > *high) {
    problems_.add(node.find(low_name)->place, "'{}' is above '{}', so no value would do; correct one of them",
                  low_name, high_name);
  }
}

void SchemaReader::read_integer_bounds(const Node& node, Schema& schema) {
  const auto bound = [&](std::string_view keyword) -> std::optional<std::int64_t> {
    const Node* value = node.find(keyword);
    if (value == nullptr) return std::nullopt;
    if (!value->as_integer()) {
      problems_.add(value->place, "'{}' of an integer is a whole number of 64 bits", keyword);
    }
    return value->as_integer();
  };
  using Limits = std::numeric_limits<std::int64_t>;
  std::optional<std::int64_t> low = bound("minimum");
  std::optional<std::int64_t> high = bound("maximum");
  if (const auto above = bound("exclusiveMinimum"); above && *above < Limits::max())
    low = std::max(low.value_or(Limits::min()), *above + 1);
  if (const auto below = bound("exclusiveMaximum"); below && *below > Limits::min())
    high = std::min(high.value_or(Limits::max()), *below - 1);
  if (low && high && *low > *high) {
    problems_.add(node.place,
                  "the least value is above the greatest, so no value would do; correct one of them");
  }
  if (low && *low > Limits::min()) schema.minimum = std::to_string(*low);
  if (high) schema.maximum = std::to_string(*high);
}

void SchemaReader::read_number_bounds(const Node& node, Schema& schema) {
  const auto bound = [&](std::string_view keyword) -> std::optional<double> {
    const Node* value = node.find(keyword);
    if (value == nullptr) return std::nullopt;
    if (!value->as_number()) problems_.add(value->place, "'{}' is a number", keyword);
    return value->as_number();
  };
  const auto text = [](std::optional<double> value) {
    return value ? fmt::format("{:#}", *value) : std::string{};
  };
  const auto low = bound("minimum");
  const auto above = bound("exclusiveMinimum");
  const auto high = bound("maximum");
  const auto below = bound("exclusiveMaximum");
  for (const auto& [one, other, keyword] :
       {std::tuple{low, above, "exclusiveMinimum"}, std::tuple{high, below, "exclusiveMaximum"}}) {
    if (one && other)
      problems_.add(node.find(keyword)->place, "'{}' stands beside the bound without 'exclusive'; remove one",
                    keyword);
  }
  if (low && high && *low > *high) {
    problems_.add(node.place, "'minimum' is above 'maximum', so no value would do; correct one of them");
  }
  schema.minimum = text(low);
  schema.maximum = text(high);
  schema.exclusive_minimum = text(above);
  schema.exclusive_maximum = text(below);
}

namespace {

std::string difference_in_limits(const Schema& given, const Schema& member) {
  const auto differs = [](const auto& one, const auto& other) {
    return one != std::decay_t<decltype(one)>{} && one != other;
  };
  if (differs(given.min_items, member.min_items)) return "another 'minItems'";
  if (differs(given.max_items, member.max_items)) return "another 'maxItems'";
  if (differs(given.min_length, member.min_length)) return "another 'minLength'";
  if (differs(given.max_length, member.max_length)) return "another 'maxLength'";
  if (differs(given.pattern, member.pattern)) return "another 'pattern'";
  if (differs(given.minimum, member.minimum)) return "another 'minimum'";
  if (differs(given.maximum, member.maximum)) return "another 'maximum'";
  if (differs(given.exclusive_minimum, member.exclusive_minimum)) return "another 'exclusiveMinimum'";
  if (differs(given.exclusive_maximum, member.exclusive_maximum)) return "another 'exclusiveMaximum'";
  return "";
}

}  // namespace

std::string difference(const Schema& given, const Schema& member) {
  if (given.shape != member.shape) {
    return fmt::format("type {} instead of {}", to_string(given.shape), to_string(member.shape));
  }
  if (given.is_nullable && !member.is_nullable) return "null, which the message does not allow";
  if (given.shape == Shape::object && &given != &member)
    return fmt::format("{} instead of {}", given.name, member.name);
  if (given.values != member.values) return "other values of 'enum'";
  const bool has_other_default = !given.default_value.empty() &&
                                 given.default_value != member.default_value &&
                                 given.shape != Shape::enumeration;
  if (has_other_default) return "another 'default'";
  if (given.items != nullptr && member.items != nullptr) {
    const std::string in_items = difference(*given.items, *member.items);
    if (!in_items.empty()) return "elements with " + in_items;
  }
  return difference_in_limits(given, member);
}

}  // namespace banyan::contractc
