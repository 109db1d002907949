#include "banyan/message/descriptor.hpp"

namespace banyan::message {

std::string_view to_string(Kind kind) noexcept {
  switch (kind) {
    case Kind::command:
      return "command";
    case Kind::query:
      return "query";
    case Kind::event:
      return "event";
    case Kind::reply:
      return "reply";
    case Kind::state:
      return "state";
  }
  return "unknown";
}

std::string Payload::to_json() const {
  std::string text;
  type().encode(value_.get(), text);
  return text;
}

Result<Payload> decode(const Descriptor& type, std::string_view text) {
  const auto document = json::parse(text, stored_limits);
  if (!document) return document.error();
  return validate(type, document.value());
}

Result<Payload> validate(const Descriptor& type, const json::Value& document) {
  json::Violations violations;
  auto value = type.decode(document, violations);
  if (value == nullptr) {
    const json::Violation& first = violations.all().front();
    return Error{Errc::invalid_argument, "message.invalid", first.pointer + " " + first.detail};
  }
  return Payload{type, std::move(value)};
}

}  // namespace banyan::message
