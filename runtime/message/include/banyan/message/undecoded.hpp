#pragma once
#include <string>
#include <string_view>

#include "banyan/base/result.hpp"
#include "banyan/message/descriptor.hpp"

namespace banyan::message {

/// The body of a message that is genuine and can't be decoded here: of a type that this process does not
/// know, or against its contract. Another version may know better, so it is kept as it came. It passes as any
/// other body; nobody handles it.
struct Undecoded {
  std::string type;  ///< As its sender names it.
  std::string text;  ///< Any bytes, perhaps no JSON and no UTF-8.
  Error why;         ///< not_found "message.unknown_type", or invalid_argument with decode()'s reason.
  const Descriptor* known = nullptr;  ///< The type, if it is known here.

  /// Of kind event: nobody waits for an answer. There is nothing to decode.
  static const Descriptor& descriptor();
};

/// Decodes `text` as decode() does; what can't be decoded is Undecoded. `type` is nullptr if nobody here
/// knows what its sender calls `name`.
Payload decode_or_keep(const Descriptor* type, std::string_view name, std::string_view text);

/// The body as it came, or nullptr if it was decoded.
const Undecoded* undecoded(const Payload& payload) noexcept;

/// The type as the sender names it, decoded or not. Lifetime: the payload's.
std::string_view type_name(const Payload& payload) noexcept;

}  // namespace banyan::message
