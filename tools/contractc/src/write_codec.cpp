#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "cpp.hpp"
#include "names.hpp"
#include "write.hpp"

namespace banyan::contractc {
namespace {

/// `name{.a = 1, .b = 2}`, or empty without fields.
std::string rules(std::string_view name, const std::vector<std::string>& fields) {
  return fields.empty() ? "" : fmt::format("json::{}{{{}}}", name, fmt::join(fields, ", "));
}

std::string string_rules(const Schema& schema, const std::string& pattern_name) {
  std::vector<std::string> fields;
  if (schema.min_length) fields.push_back(fmt::format(".length_min = {}", *schema.min_length));
  if (schema.max_length) fields.push_back(fmt::format(".length_max = {}", *schema.max_length));
  if (!schema.pattern.empty()) fields.push_back(fmt::format(".pattern = &{}", pattern_name));
  if (schema.shape == Shape::email) fields.push_back(".format = json::Format::email");
  if (schema.shape == Shape::uri) fields.push_back(".format = json::Format::uri");
  return rules("StringRules", fields);
}

std::vector<std::string> bounds(const Schema& schema) {
  std::vector<std::string> fields;
  if (!schema.minimum.empty()) fields.push_back(".min = " + schema.minimum);
  if (!schema.maximum.empty()) fields.push_back(".max = " + schema.maximum);
  return fields;
}

std::string number_rules(const Schema& schema) {
  const auto bound = [](const std::string& inclusive, const std::string& exclusive) {
    return inclusive.empty() ? exclusive : inclusive;
  };
  const std::string low = bound(schema.minimum, schema.exclusive_minimum);
  const std::string high = bound(schema.maximum, schema.exclusive_maximum);
  std::vector<std::string> fields;
  if (!low.empty()) fields.push_back(".min = " + low);
  if (!high.empty()) fields.push_back(".max = " + high);
  if (!schema.exclusive_minimum.empty()) fields.push_back(".min_is_exclusive = true");
  if (!schema.exclusive_maximum.empty()) fields.push_back(".max_is_exclusive = true");
  return rules("NumberRules", fields);
}

std::string array_rules(const Schema& schema) {
  std::vector<std::string> fields;
  if (schema.min_items) fields.push_back(fmt::format(".count_min = {}", *schema.min_items));
  if (schema.max_items) fields.push_back(fmt::format(".count_max = {}", *schema.max_items));
  return rules("ArrayRules", fields);
}

/// The limits of a value as arguments of json::read, those of an array before those of its elements.
std::vector<std::string> arguments(const Schema& schema, const std::string& pattern_name) {
  std::vector<std::string> out;
  const auto add = [&](std::string text) {
    if (!text.empty()) out.push_back(std::move(text));
  };
  if (schema.is_nullable) add("json::or_null");
  switch (schema.shape) {
    case Shape::array:
      add(array_rules(schema));
      std::ranges::copy(arguments(*schema.items, pattern_name), std::back_inserter(out));
      break;
    case Shape::string:
    case Shape::email:
    case Shape::uri:
      add(string_rules(schema, pattern_name));
      break;
    case Shape::integer:
      add(rules("IntegerRules", bounds(schema)));
      break;
    case Shape::number:
      add(number_rules(schema));
      break;
    case Shape::object:
      if (schema.cpp_type == "banyan::Money")
        add(rules("MoneyRules", bounds(*schema.find("amount_minor")->schema)));
      break;
    default:
      break;
  }
  return out;
}

const Schema& innermost(const Schema& schema) {
  return schema.shape == Shape::array ? innermost(*schema.items) : schema;
}

std::string write_patterns(const Schema& schema) {
  std::string out;
  for (const Property& property : schema.properties) {
    const Schema& value = innermost(*property.schema);
    if (value.shape == Shape::object || value.pattern.empty()) continue;
    out +=
        fmt::format("  static const json::Pattern {}_pattern{{{}}};\n", property.name, quoted(value.pattern));
  }
  return out;
}

std::string write_read_member(const Property& property) {
  const std::string head = fmt::format("  members.{}(", property.is_required ? "required" : "optional");
  std::vector<std::string> all = arguments(*property.schema, property.name + "_pattern");
  all.insert(all.begin(), {quoted(property.name), "to." + cpp_name(property.name)});
  return head + wrapped(all, head.size(), head.size()) + ");\n";
}

std::string write_read(const Schema& schema) {
  const std::string target = schema.properties.empty() ? "" : " to";
  std::string out = fmt::format("void read(const json::Input& in, {}&{}) {{\n", schema.name, target);
  out += write_patterns(schema);
  out += "  json::Members members{in};\n";
  std::vector<std::string> names;
  for (const Property& property : schema.properties) {
    out += write_read_member(property);
    names.push_back(quoted(property.name));
  }
  return out + fmt::format("  members.refuse_others({{{}}});\n}}\n", wrapped(names, 25, 25));
}

std::string write_write(const Schema& schema) {
  const std::string source = schema.properties.empty() ? "" : " from";
  std::string out = fmt::format("void write(json::Writer& out, const {}&{}) {{\n  out.begin_object();\n",
                                schema.name, source);
  for (const Property& property : schema.properties) {
    const bool shows_null = property.is_required && property.schema->is_nullable;
    out += fmt::format("  json::{}(out, \"{}\", from.{});\n", shows_null ? "member_or_null" : "member",
                       property.name, cpp_name(property.name));
  }
  return out + "  out.end_object();\n}\n";
}

std::string write_enum(const Schema& schema) {
  const std::string& name = schema.name;
  std::string out =
      fmt::format("std::string_view to_string({} value) noexcept {{\n  switch (value) {{\n", name);
  std::vector<std::string> choices;
  for (const std::string& value : schema.values) {
    out += fmt::format("    case {}::{}:\n      return \"{}\";\n", name, cpp_name(value), value);
    choices.push_back(fmt::format("{{\"{}\", {}::{}}}", value, name, cpp_name(value)));
  }
  out += "  }\n  return {};\n}\n\n";
  const std::string constants = to_snake_case(name) + "_choices";
  out += fmt::format("constexpr json::Choice<{}> {}[] = {{\n    {}}};\n\n", name, constants,
                     wrapped(choices, 4, 4));
  out += fmt::format(
      "std::optional<{0}> parse_{1}(std::string_view text) noexcept {{\n"
      "  for (const auto& choice : {1}_choices) {{\n"
      "    if (choice.name == text) return choice.value;\n  }}\n  return std::nullopt;\n}}\n\n",
      name, to_snake_case(name));
  out += fmt::format("void read(const json::Input& in, {}& to) {{\n  json::read_choice(in, to, {});\n}}\n\n",
                     name, constants);
  return out +
         fmt::format("void write(json::Writer& out, {} value) {{ out.string(to_string(value)); }}\n", name);
}

std::string key_function(const Message& message) {
  if (message.key.empty()) return "without_key";
  const bool is_uuid = message.schema->find(message.key)->schema->shape == Shape::uuid;
  const std::string member =
      fmt::format("static_cast<const {}*>(value)->{}", message.name, cpp_name(message.key));
  return fmt::format("[](const void* value) {{ return {}; }}",
                     is_uuid ? fmt::format("to_string({})", member) : member);
}

struct DescriptorText {
  std::string name, type, kind, answer, key;
  bool is_domain;
};

std::string write_descriptor(const Contract& contract, const DescriptorText& text) {
  const std::string constant = to_snake_case(text.name) + "_descriptor";
  std::string out = fmt::format(
      "constexpr Descriptor {}{{\n    .type = \"{}\",\n    .module = \"{}\",\n    .kind = Kind::{},\n",
      constant, text.type, contract.module, text.kind);
  if (text.is_domain) out += "    .is_domain = true,\n";
  if (!text.answer.empty()) out += fmt::format("    .answer = &{}_descriptor,\n", to_snake_case(text.answer));
  return out +
         fmt::format(
             "    .encode = json::encode<{0}>,\n    .decode = json::decode<{0}>,\n    .key = {1},\n}};\n",
             text.name, text.key);
}

/// States and messages, those that are an answer before those that are answered.
std::vector<DescriptorText> descriptors(const Contract& contract) {
  std::vector<DescriptorText> out;
  for (const SchemaPtr& type : contract.types) {
    if (!type->is_state) continue;
    out.push_back({type->name, fmt::format("{}.{}.v1", contract.module, to_snake_case(type->name)), "state",
                   "", "without_key", false});
  }
  std::vector<const Message*> messages;
  for (const Message& message : contract.messages) messages.push_back(&message);
  std::stable_partition(messages.begin(), messages.end(),
                        [](const Message* message) { return message->reply.empty(); });
  for (const Message* message : messages) {
    const bool is_domain = message->kind == Kind::domain;
    const std::string kind{is_domain ? "event" : to_string(message->kind)};
    out.push_back({message->name, message->type, kind, message->reply, key_function(*message), is_domain});
  }
  return out;
}

std::string write_descriptors(const Contract& contract) {
  const std::vector<DescriptorText> all = descriptors(contract);
  const bool has_keyless =
      std::any_of(all.begin(), all.end(), [](const auto& text) { return text.key == "without_key"; });
  std::string out = "namespace {\n\nusing banyan::message::Descriptor;\nusing banyan::message::Kind;\n\n";
  if (has_keyless) out += "std::string without_key(const void*) { return {}; }\n\n";
  for (const DescriptorText& text : all) out += write_descriptor(contract, text) + "\n";
  out += "}  // namespace\n\n";
  for (const DescriptorText& text : all) {
    out += fmt::format("const Descriptor& {}::descriptor() {{ return {}_descriptor; }}\n", text.name,
                       to_snake_case(text.name));
  }
  return out;
}

}  // namespace

std::string write_codec(const Contract& contract) {
  std::string out = banner(contract);
  out += fmt::format(
      "#include \"banyan/json/decode.hpp\"\n#include \"banyan/json/encode.hpp\"\n#include "
      "\"shop/{}/messages.hpp\"\n",
      contract.module);
  out += fmt::format("\nnamespace shop::{} {{\n\nnamespace json = banyan::json;\n", contract.module);
  for (const SchemaPtr& type : contract.types) {
    out += "\n" +
           (type->shape == Shape::object ? write_read(*type) + "\n" + write_write(*type) : write_enum(*type));
  }
  out += "\n" + write_descriptors(contract);
  return out + fmt::format("\n}}  // namespace shop::{}\n", contract.module);
}

}  // namespace banyan::contractc
