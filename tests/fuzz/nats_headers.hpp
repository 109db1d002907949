#pragma once
#include <utility>

#include "banyan/nats/message.hpp"
#include "fuzz.hpp"

namespace banyan::fuzz {

/// The headers of a message: "Name: value" lines up to an empty one.
inline nats::Headers take_headers(Parts& parts) {
  nats::Headers headers;
  take_fields(parts, [&](std::string_view name, std::string_view value) { headers.add(name, value); });
  return headers;
}

/// A message as it came.
inline nats::Message message_of(nats::Headers headers, std::string_view body) {
  nats::Message message;
  message.headers = std::move(headers);
  message.data = body;
  return message;
}

}  // namespace banyan::fuzz
