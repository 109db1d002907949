#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "cpp.hpp"
#include "names.hpp"
#include "write.hpp"

namespace banyan::contractc {
namespace {

void collect_types(const Schema& schema, std::set<std::string>& out) {
  if (schema.items != nullptr) collect_types(*schema.items, out);
  out.insert(schema.shape == Shape::array ? "vector" : cpp_type(schema));
}

/// The includes that the members need, ours after the standard library's.
std::string includes(const Contract& contract) {
  std::set<std::string> types;
  bool has_enum = false;
  for (const SchemaPtr& type : contract.types) {
    has_enum = has_enum || type->shape == Shape::enumeration;
    for (const Property& property : type->properties) {
      collect_types(*property.schema, types);
      if (is_optional(property)) types.insert("optional");
    }
  }
  std::string out;
  if (has_enum || types.contains("std::int64_t")) out += "#include <cstdint>\n";
  if (has_enum || types.contains("optional")) out += "#include <optional>\n";
  if (types.contains("std::string")) out += "#include <string>\n";
  if (has_enum) out += "#include <string_view>\n";
  if (types.contains("vector")) out += "#include <vector>\n";
  out += "\n";
  if (types.contains("banyan::Timestamp")) out += "#include \"banyan/base/clock.hpp\"\n";
  if (types.contains("banyan::Money")) out += "#include \"banyan/base/money.hpp\"\n";
  if (types.contains("banyan::Uuid")) out += "#include \"banyan/base/uuid.hpp\"\n";
  return out + "#include \"banyan/message/descriptor.hpp\"\n";
}

std::string initialiser(const Property& property) {
  const Schema& schema = *property.schema;
  if (!schema.default_value.empty()) return " = " + schema.default_value;
  if (is_optional(property)) return "{}";
  if (schema.shape == Shape::integer || schema.shape == Shape::number) return " = 0";
  if (schema.shape == Shape::boolean) return " = false";
  return "{}";
}

std::string write_member(const Property& property) {
  return fmt::format("  {} {}{};", cpp_type(property), cpp_name(property.name), initialiser(property));
}

/// The members, those with a short description with it behind them, in one column.
std::string write_members(const Schema& schema) {
  const auto is_short = [](const Property& property, std::size_t column) {
    return column + property.description.size() + 7 <= 110 &&
           property.description.find('\n') == std::string::npos;
  };
  std::size_t column = 0;
  for (const Property& property : schema.properties) {
    const std::size_t width = write_member(property).size();
    if (!property.description.empty() && is_short(property, width)) column = std::max(column, width);
  }
  std::string out;
  for (const Property& property : schema.properties) {
    const std::string member = write_member(property);
    if (property.description.empty()) {
      out += member + "\n";
    } else if (member.size() <= column && is_short(property, column)) {
      out += closed(fmt::format("{:{}}  ///< {}", member, column, property.description)) + "\n";
    } else {
      out += comment(property.description, 2) + member + "\n";
    }
  }
  return out;
}

std::string role(const Contract& contract, const Schema& schema) {
  if (schema.is_state) return fmt::format(" State that {} keeps.", contract.module);
  const Message* message = contract.find_message(schema.name);
  if (message == nullptr) return "";
  std::string kind{to_string(message->kind)};
  kind.front() = static_cast<char>(kind.front() - 'a' + 'A');
  const std::string answer = message->reply.empty() ? "" : fmt::format(", answered by {}", message->reply);
  return fmt::format(" {} {}{}.", kind, message->type, answer);
}

std::string write_struct(const Contract& contract, const Schema& schema) {
  std::string out = comment(schema.description + role(contract, schema), 0);
  out += fmt::format("struct {} {{\n", schema.name);
  out += write_members(schema);
  if (!schema.properties.empty()) out += "\n";
  const Message* message = contract.find_message(schema.name);
  if (message != nullptr && !message->reply.empty()) {
    out += fmt::format("  using Answer = struct {};\n", message->reply);
  }
  if (schema.is_state || message != nullptr) {
    out += "  static const banyan::message::Descriptor& descriptor();\n";
  }
  out += fmt::format("  friend bool operator==(const {0}&, const {0}&) = default;\n}};\n", schema.name);
  return out;
}

std::string write_enum(const Schema& schema) {
  std::string out = comment(schema.description, 0);
  const std::string head = fmt::format("enum class {} : std::uint8_t {{", schema.name);
  std::vector<std::string> names;
  for (const std::string& value : schema.values) names.push_back(cpp_name(value));
  const std::string values = wrapped(names, head.size() + 1, 2);
  out += values.find('\n') == std::string::npos ? fmt::format("{} {} }};\n", head, values)
                                                : fmt::format("{}\n  {}\n}};\n", head, wrapped(names, 2, 2));
  out += fmt::format("std::string_view to_string({} value) noexcept;\n", schema.name);
  out += fmt::format("std::optional<{}> parse_{}(std::string_view text) noexcept;\n", schema.name,
                     to_snake_case(schema.name));
  return out;
}

}  // namespace

std::string write_messages(const Contract& contract) {
  std::string out = banner(contract) + "#pragma once\n" + includes(contract);
  out += fmt::format("\nnamespace shop::{} {{\n", contract.module);
  for (const SchemaPtr& type : contract.types) {
    out += "\n" + (type->shape == Shape::object ? write_struct(contract, *type) : write_enum(*type));
  }
  return out + fmt::format("\n}}  // namespace shop::{}\n", contract.module);
}

std::string write_reasons(const Contract& contract) {
  std::string out = banner(contract) + "#pragma once\n#include \"banyan/message/reason.hpp\"\n";
  out += fmt::format(
      "\n/// Why module {0} refuses: `return reject(reason, \"what exactly\");`\nnamespace shop::{0} {{\n\n",
      contract.module);
  for (const Refusal& refusal : contract.refusals) {
    out += comment(refusal.title + ".", 0);
    out += fmt::format("inline constexpr banyan::Reason {0}{{banyan::Errc::{1}, \"{2}.{0}\"}};\n",
                       refusal.name, refusal.code, contract.module);
  }
  return out + fmt::format("\n}}  // namespace shop::{}\n", contract.module);
}

}  // namespace banyan::contractc
