#include "model.hpp"

#include <algorithm>

namespace banyan::contractc {

const Property* Schema::find(const std::string& property) const {
  const auto found = std::find_if(properties.begin(), properties.end(),
                                  [&](const Property& candidate) { return candidate.name == property; });
  return found == properties.end() ? nullptr : &*found;
}

bool is_optional(const Property& property) {
  return property.schema->is_nullable || (!property.is_required && property.schema->default_value.empty());
}

const Message* Contract::find_message(const std::string& name) const {
  const auto found = std::find_if(messages.begin(), messages.end(),
                                  [&](const Message& candidate) { return candidate.name == name; });
  return found == messages.end() ? nullptr : &*found;
}

const Refusal* Contract::find_refusal(const std::string& name) const {
  const auto found = std::find_if(refusals.begin(), refusals.end(),
                                  [&](const Refusal& candidate) { return candidate.name == name; });
  return found == refusals.end() ? nullptr : &*found;
}

std::string_view to_string(Kind kind) noexcept {
  switch (kind) {
    case Kind::command:
      return "command";
    case Kind::query:
      return "query";
    case Kind::event:
      return "event";
    case Kind::domain:
      return "domain event";
    case Kind::reply:
      return "reply";
  }
  return "";
}

std::string_view to_string(Shape shape) noexcept {
  switch (shape) {
    case Shape::object:
      return "object";
    case Shape::array:
      return "array";
    case Shape::string:
      return "string";
    case Shape::uuid:
      return "uuid";
    case Shape::timestamp:
      return "date-time";
    case Shape::email:
      return "email";
    case Shape::uri:
      return "uri";
    case Shape::enumeration:
      return "enum";
    case Shape::integer:
      return "integer";
    case Shape::number:
      return "number";
    case Shape::boolean:
      return "boolean";
  }
  return "";
}

}  // namespace banyan::contractc
