#include "banyan/json/value.hpp"

#include <array>

namespace banyan::json {

const Value* Value::find(std::string_view name) const noexcept {
  const auto* members = if_a<Object>();
  if (members == nullptr) return nullptr;
  for (const auto& [member, value] : *members) {
    if (member == name) return &value;
  }
  return nullptr;
}

std::string_view Value::type_name() const noexcept {
  constexpr std::array<std::string_view, std::variant_size_v<Variant>> names{
      "null", "boolean", "integer", "number", "string", "array", "object"};
  return names[v_.index()];
}

}  // namespace banyan::json
