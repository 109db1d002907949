#include "schema.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <set>

#include "banyan/json/pattern.hpp"
#include "default_value.hpp"
#include "names.hpp"

namespace banyan::contractc {
namespace {

constexpr std::string_view schemas_pointer = "#/components/schemas/";
constexpr int depth_max = 64;

struct Keyword {
  std::string_view name;
  std::string_view types;  ///< Of which it says something; empty: of all.
};

constexpr std::array keywords{
    Keyword{"type", ""},
    Keyword{"description", ""},
    Keyword{"examples", ""},
    Keyword{"default", "string integer number boolean"},
    Keyword{"properties", "object"},
    Keyword{"required", "object"},
    Keyword{"additionalProperties", "object"},
    Keyword{"x-banyan-type", "object"},
    Keyword{"x-banyan-state", "object"},
    Keyword{"items", "array"},
    Keyword{"minItems", "array"},
    Keyword{"maxItems", "array"},
    Keyword{"minLength", "string"},
    Keyword{"maxLength", "string"},
    Keyword{"pattern", "string"},
    Keyword{"enum", "string"},
    Keyword{"format", "string"},
    Keyword{"minimum", "integer number"},
    Keyword{"maximum", "integer number"},
    Keyword{"exclusiveMinimum", "integer number"},
    Keyword{"exclusiveMaximum", "integer number"},
};

std::string_view json_type(Shape shape) {
  switch (shape) {
    case Shape::object:
    case Shape::array:
    case Shape::integer:
    case Shape::number:
    case Shape::boolean:
      return to_string(shape);
    default:
      return "string";
  }
}

std::optional<Shape> shape_of_type(std::string_view type) {
  if (type == "object") return Shape::object;
  if (type == "array") return Shape::array;
  if (type == "string") return Shape::string;
  if (type == "integer") return Shape::integer;
  if (type == "number") return Shape::number;
  if (type == "boolean") return Shape::boolean;
  return std::nullopt;
}

std::optional<Shape> shape_of_format(std::string_view format) {
  if (format == "uuid") return Shape::uuid;
  if (format == "date-time") return Shape::timestamp;
  if (format == "email") return Shape::email;
  if (format == "uri") return Shape::uri;
  return std::nullopt;
}

std::string description_of(const Node& node) {
  const Node* description = node.find("description");
  return description == nullptr ? "" : description->text;
}

}  // namespace

SchemaPtr SchemaReader::component(const std::string& name) {
  const Node* node = document_.root.at_pointer("/components/schemas/" + name);
  return node == nullptr ? nullptr : read_component(name, *node);
}

SchemaPtr SchemaReader::read_component(const std::string& name, const Node& node) {
  const auto [entry, is_new] = progress_.try_emplace(name, Progress::reading);
  if (!is_new) {
    if (entry->second == Progress::done) return components_[name];
    problems_.add(node.place,
                  "{} contains itself through its $refs, so no value of it would be finite; break "
                  "the circle, for instance by keeping an id instead",
                  name);
    return nullptr;
  }
  if (depth_ == depth_max) {
    problems_.add(node.place, "{} is more than {} $refs away from where they begin; shorten the chain", name,
                  depth_max);
    progress_[name] = Progress::done;
    return components_[name] = nullptr;
  }
  if (!is_camel_name(name)) {
    problems_.add(node.place, "'{}' becomes the name of a C++ type: write it in CamelCase", name);
  }
  ++depth_;
  SchemaPtr schema = node.find("$ref") != nullptr ? follow(node) : read_inline(node, name, true);
  --depth_;
  progress_[name] = Progress::done;
  return components_[name] = std::move(schema);
}

SchemaPtr SchemaReader::read(const Node& node, const std::string& name) {
  return node.find("$ref") != nullptr ? follow(node) : read_inline(node, name, false);
}

SchemaPtr SchemaReader::follow(const Node& node) {
  for (const Member& member : node.members) {
    if (member.name != "$ref" && member.name != "description") {
      problems_.add(member.place,
                    "'{}' beside a $ref would be ignored by the generated code; put it into the "
                    "schema that is referred to",
                    member.name);
    }
  }
  const Node& ref = *node.find("$ref");
  const std::string_view target = ref.text;
  const std::size_t hash = std::min(target.find('#'), target.size());
  const std::string_view file = target.substr(0, hash);
  const std::string_view pointer = target.substr(hash);
  const bool is_in_asyncapi = asyncapi_ != nullptr && file == asyncapi_->asyncapi->file_name;
  if (!pointer.starts_with(schemas_pointer) || (!file.empty() && !is_in_asyncapi)) {
    problems_.add(ref.place,
                  "$ref '{}' leads into another file or to no component; a contract stands alone, so repeat "
                  "the part in this file's components",
                  target);
    return nullptr;
  }
  const std::string name{pointer.substr(schemas_pointer.size())};
  if (is_in_asyncapi) {
    const auto found = asyncapi_->schemas.find(name);
    return found == asyncapi_->schemas.end() ? nullptr : found->second;
  }
  if (document_.root.at_pointer("/components/schemas/" + name) == nullptr) {
    problems_.add(ref.place, "$ref '{}' leads nowhere; add what it names, or correct the name", target);
    return nullptr;
  }
  return component(name);
}

SchemaPtr SchemaReader::read_inline(const Node& node, const std::string& name, bool is_component) {
  auto schema = std::make_shared<Schema>();
  schema->place = node.place;
  schema->description = description_of(node);
  if (!node.is_map()) {
    problems_.add(node.place, "a schema is a map with at least a 'type' or a '$ref'");
    return nullptr;
  }
  if (!read_type(node, *schema)) return nullptr;
  check_keywords(node, *schema);
  switch (schema->shape) {
    case Shape::object:
      if (!is_component) {
        problems_.add(node.place,
                      "an object inside another schema has no name for its C++ struct; move it to "
                      "components/schemas and refer to it by $ref");
        return nullptr;
      }
      schema->name = schema->cpp_type = name;
      read_object(node, *schema);
      break;
    case Shape::array:
      read_array(node, *schema, name);
      break;
    case Shape::string:
      read_string(node, *schema, name);
      break;
    case Shape::integer:
      read_integer_bounds(node, *schema);
      break;
    case Shape::number:
      read_number_bounds(node, *schema);
      break;
    default:
      break;
  }
  read_default(node, *schema, problems_);
  if (schema->shape == Shape::object || schema->shape == Shape::enumeration) types_.push_back(schema);
  return schema;
}

bool SchemaReader::read_type(const Node& node, Schema& schema) {
  const Node* type = node.find("type");
  if (type == nullptr) {
    problems_.add(node.place, "the schema has no 'type', so it would allow anything; add one, or a '$ref'");
    return false;
  }
  std::vector<const Node*> names;
  if (type->is_scalar()) names.push_back(type);
  for (const Node& item : type->items) {
    if (item.kind == Node::Kind::null || item.text == "null") {
      schema.is_nullable = true;
    } else {
      names.push_back(&item);
    }
  }
  const std::optional<Shape> shape = names.size() == 1 ? shape_of_type(names.front()->text) : std::nullopt;
  if (!shape) {
    problems_.add(type->place,
                  "unknown type '{}': it is one of object, array, string, integer, number, boolean, or "
                  "[one of them, \"null\"]",
                  type->text);
    return false;
  }
  schema.shape = *shape;
  return true;
}

void SchemaReader::check_keywords(const Node& node, const Schema& schema) {
  const std::string_view type = json_type(schema.shape);
  for (const Member& member : node.members) {
    const auto keyword = std::find_if(keywords.begin(), keywords.end(),
                                      [&](const Keyword& known) { return known.name == member.name; });
    if (keyword == keywords.end()) {
      problems_.add(member.place,
                    "unknown keyword '{}': contracts use a part of JSON Schema for which code can be "
                    "generated; say it with another keyword, or check it in the handler",
                    member.name);
    } else if (!keyword->types.empty() && keyword->types.find(type) == std::string_view::npos) {
      problems_.add(member.place,
                    "'{}' says nothing about a value of type {}; remove it, or correct the type", member.name,
                    type);
    }
  }
}

void SchemaReader::read_object(const Node& node, Schema& schema) {
  const Node* additional = node.find("additionalProperties");
  if (additional == nullptr || additional->as_boolean() != std::optional{false}) {
    problems_.add(
        additional == nullptr ? node.place : additional->place,
        "{} does not say 'additionalProperties: false': unknown members would be lost silently; add it",
        schema.name);
  }
  if (schema.is_nullable) {
    problems_.add(node.place, "an object is never null; leave the member out of 'required' instead");
  }
  if (const Node* properties = node.find("properties")) {
    if (!properties->is_map())
      problems_.add(properties->place, "'properties' is a map from names to schemas");
    for (const Member& member : properties->members)
      schema.properties.push_back(read_property(member, schema.name));
  }
  read_required(node, schema);
  if (const Node* state = node.find("x-banyan-state")) {
    schema.is_state = state->as_boolean().value_or(false);
    if (!schema.is_state) problems_.add(state->place, "'x-banyan-state' is true, or is left out");
  }
  if (const Node* type = node.find("x-banyan-type")) read_cpp_type(*type, schema);
}

Property SchemaReader::read_property(const Member& member, const std::string& owner) {
  Property property{member.name, member.place, description_of(member.value), false, nullptr};
  if (!is_snake_name(member.name)) {
    problems_.add(member.place, "'{}' becomes the name of a C++ member: write it in snake_case", member.name);
  }
  property.schema = read(member.value, owner + to_camel_case(member.name));
  return property;
}

void SchemaReader::read_required(const Node& node, Schema& schema) {
  const Node* required = node.find("required");
  if (required != nullptr && !required->is_sequence()) {
    problems_.add(required->place, "'required' is a list of names of properties");
    return;
  }
  std::set<std::string> seen;
  if (required != nullptr) {
    for (const Node& name : required->items) {
      const auto property =
          std::find_if(schema.properties.begin(), schema.properties.end(),
                       [&](const Property& candidate) { return candidate.name == name.text; });
      if (property == schema.properties.end()) {
        problems_.add(name.place, "'{}' is required but is no property of {}; add it or remove it here",
                      name.text, schema.name);
      } else if (!seen.insert(name.text).second) {
        problems_.add(name.place, "'{}' is listed as required twice; remove one", name.text);
      } else {
        property->is_required = true;
      }
    }
  }
  for (const Property& property : schema.properties) {
    if (property.schema == nullptr || property.schema->default_value.empty()) continue;
    if (property.is_required || property.schema->is_nullable) {
      problems_.add(property.place,
                    "'{}' has a default, which counts only for a member that may be missing and is "
                    "never null; remove the default, or 'required' and null",
                    property.name);
    }
  }
}

void SchemaReader::read_array(const Node& node, Schema& schema, const std::string& name) {
  schema.min_items = read_count(node, "minItems");
  schema.max_items = read_count(node, "maxItems");
  check_order(node, "minItems", schema.min_items, "maxItems", schema.max_items);
  if (node.find("maxItems") == nullptr) {
    problems_.add(node.place,
                  "the array has no 'maxItems', so one request could fill the memory; add a limit");
  }
  const Node* items = node.find("items");
  if (items == nullptr) {
    problems_.add(node.place, "the array has no 'items', so it would hold anything; add their schema");
    return;
  }
  schema.items = read(*items, name);
  if (schema.items != nullptr && schema.items->is_nullable) {
    problems_.add(items->place, "an element of an array is never null; remove \"null\" from its type");
  }
}

void SchemaReader::read_string(const Node& node, Schema& schema, const std::string& name) {
  if (const Node* format = node.find("format")) {
    const std::optional<Shape> shape = shape_of_format(format->text);
    if (!shape) {
      problems_.add(format->place,
                    "unknown format '{}': it is one of uuid, date-time, email, uri; use a 'pattern' for "
                    "others",
                    format->text);
    }
    schema.shape = shape.value_or(Shape::string);
  }
  if (node.find("enum") != nullptr) read_values(node, schema, name);
  schema.min_length = read_count(node, "minLength");
  schema.max_length = read_count(node, "maxLength");
  check_order(node, "minLength", schema.min_length, "maxLength", schema.max_length);
  if (const Node* pattern = node.find("pattern")) read_pattern(*pattern, schema);
  if (schema.shape == Shape::string && node.find("maxLength") == nullptr && node.find("format") == nullptr) {
    problems_.add(
        node.place,
        "the string has neither 'maxLength' nor 'enum' nor 'format', so one request could fill the memory; "
        "add a limit");
  }
  if (schema.shape == Shape::enumeration || schema.shape == Shape::uuid || schema.shape == Shape::timestamp) {
    for (const std::string_view keyword : {"minLength", "maxLength", "pattern"}) {
      if (const Node* extra = node.find(keyword)) {
        problems_.add(extra->place, "'{}' adds nothing to {}; remove it", keyword, to_string(schema.shape));
      }
    }
  }
}

void SchemaReader::read_pattern(const Node& pattern, Schema& schema) {
  schema.pattern = pattern.text;
  const auto compiled = json::Pattern::compile(pattern.text);
  if (!compiled.ok()) {
    problems_.add(pattern.place, "the pattern is no regular expression ({}); correct it",
                  compiled.error().detail());
  }
}

void SchemaReader::read_values(const Node& node, Schema& schema, const std::string& name) {
  const Node& values = *node.find("enum");
  if (node.find("format") != nullptr) {
    problems_.add(values.place, "'enum' and 'format' exclude each other; remove one");
  }
  schema.shape = Shape::enumeration;
  schema.name = schema.cpp_type = name;
  if (!values.is_sequence() || values.items.empty()) {
    problems_.add(values.place, "'enum' is a list of at least one name");
  }
  for (const Node& value : values.items) {
    if (!value.is_string() || !is_identifier(value.text)) {
      problems_.add(value.place,
                    "'{}' becomes a C++ enumerator: write letters, digits and underscores, a letter first",
                    value.text);
    } else if (std::find(schema.values.begin(), schema.values.end(), value.text) != schema.values.end()) {
      problems_.add(value.place, "'{}' is listed twice; remove one", value.text);
    }
    schema.values.push_back(value.text);
  }
}

void SchemaReader::read_cpp_type(const Node& type, Schema& schema) {
  if (type.text != "banyan::Money") {
    problems_.add(type.place, "unknown C++ type '{}': banyan::Money is the only one that is known here",
                  type.text);
    return;
  }
  const Property* amount = schema.find("amount_minor");
  const Property* currency = schema.find("currency");
  const bool is_money = schema.properties.size() == 2 && amount != nullptr && amount->is_required &&
                        amount->schema != nullptr && amount->schema->shape == Shape::integer &&
                        currency != nullptr && currency->is_required && currency->schema != nullptr &&
                        currency->schema->pattern == "^[A-Z]{3}$";
  if (!is_money) {
    problems_.add(
        type.place,
        "banyan::Money has two required members, amount_minor of type integer and currency of type string "
        "with the pattern '^[A-Z]{{3}}$', and no others; write the schema so");
  }
  schema.cpp_type = "banyan::Money";
}

}  // namespace banyan::contractc
