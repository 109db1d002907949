#include "reason.hpp"

#include "banyan/message/refusal.hpp"

namespace banyan::saga {

std::string to_text(const Error& error) {
  return message::Payload::of(message::Refusal::from(error)).to_json();
}

Error to_error(std::string_view text) {
  const auto refusal = message::decode(message::Refusal::descriptor(), text);
  return refusal.ok() ? refusal.value().as<message::Refusal>().to_error() : refusal.error();
}

}  // namespace banyan::saga
