#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "document.hpp"

namespace banyan::contractc {

/// The type that a schema gives a value.
enum class Shape {
  object,
  array,
  string,
  uuid,
  timestamp,
  email,
  uri,
  enumeration,
  integer,
  number,
  boolean
};

struct Schema;
using SchemaPtr = std::shared_ptr<const Schema>;

struct Property {
  std::string name;
  Place place;
  std::string description;
  bool is_required = false;
  SchemaPtr schema;
};

/// One schema of the subset that contracts may use. Numbers are kept as the text that the contract gives.
struct Schema {
  Place place;
  Shape shape = Shape::object;
  bool is_nullable = false;
  std::string name;      ///< Objects and enumerations: the CamelCase name in C++ and in messages to people.
  std::string cpp_type;  ///< Of the generated code; the same as `name` unless x-banyan-type says otherwise.
  std::string description;

  std::vector<Property> properties;  ///< Objects.
  bool is_state = false;             ///< Objects with x-banyan-state.
  SchemaPtr items;                   ///< Arrays.
  std::optional<std::int64_t> min_items, max_items, min_length, max_length;
  std::string pattern;
  std::vector<std::string> values;  ///< Enumerations.
  std::string minimum, maximum, exclusive_minimum, exclusive_maximum;
  std::string default_value;  ///< As C++: "20", "true", "\"EUR\"", "Sort::newest".

  bool is_generated_type() const {
    return (shape == Shape::object || shape == Shape::enumeration) && cpp_type == name;
  }
  const Property* find(const std::string& property) const;
};

/// True if a value of the property may be absent or null: a std::optional in C++.
bool is_optional(const Property& property);

enum class Kind { command, query, event, domain, reply };

struct Refusal {
  std::string name;  ///< "out_of_stock"
  std::string title;
  std::string code;  ///< An enumerator of Errc.
  int status = 422;
  Place place;
};

struct Message {
  std::string name;  ///< "ReserveStock": of the message and of its schema.
  std::string type;  ///< "inventory.reserve_stock.v1"
  std::string key;   ///< The property that is the partition key, or empty.
  std::string summary;
  Kind kind = Kind::event;
  SchemaPtr schema;
  Place place;
  std::string reply;                  ///< Commands and queries: the name of the answer.
  std::vector<std::string> refusals;  ///< Commands and queries: names of Refusals.
};

/// A message of another module that this one sends, asks or listens to.
struct Use {
  std::string module;
  std::string message;
  Kind kind = Kind::event;  ///< As this module sees it.
  Place place;
};

struct Parameter {
  std::string name;
  std::string in;     ///< "path", "query" or "header".
  std::string field;  ///< The message's member that it fills; empty for Idempotency-Key.
  bool is_required = false;
  SchemaPtr schema;  ///< Of that member.
};

struct Route {
  std::string method;  ///< "GET"
  std::string path;
  std::string shape;  ///< The path with the names of its parameters left out: equal for paths that clash.
  std::string operation;
  std::string message;
  Place place;
  std::vector<Parameter> parameters;
  bool has_body = false;
  bool needs_idempotency_key = false;
  int success_status = 200;
  std::string location;     ///< Template, or empty.
  std::string version;      ///< Member of the reply, or empty.
  std::string next_cursor;  ///< Member of the reply, or empty.
  bool may_be_unchanged = false;
};

/// All of one module's contract.
struct Contract {
  std::string module;
  std::string description;
  std::unique_ptr<Document> asyncapi;
  std::unique_ptr<Document> openapi;  ///< nullptr: the module has no HTTP surface.
  std::map<std::string, SchemaPtr> schemas;
  std::vector<SchemaPtr> types;    ///< Structs and enumerations to generate, each after those that it needs.
  std::vector<SchemaPtr> objects;  ///< All objects, in the same order, those with a type of their own too.
  std::vector<Message> messages;
  std::vector<Refusal> refusals;
  std::vector<Use> uses;
  std::vector<Route> routes;

  const Message* find_message(const std::string& name) const;
  const Refusal* find_refusal(const std::string& name) const;
};

std::string_view to_string(Kind kind) noexcept;
std::string_view to_string(Shape shape) noexcept;

}  // namespace banyan::contractc
