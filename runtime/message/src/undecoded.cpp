#include "banyan/message/undecoded.hpp"

namespace banyan::message {

const Descriptor& Undecoded::descriptor() {
  static constexpr Descriptor type{
      .type = "banyan.undecoded",
      .module = "banyan",
      .kind = Kind::event,
      .encode = [](const void* value,
                   std::string& out) { out += static_cast<const Undecoded*>(value)->text; },
      .decode = nullptr,
      .key = [](const void*) { return std::string{}; },
  };
  return type;
}

// Every failure counts as the message's own fault, even if it only exceeds the parser's limits.
Payload decode_or_keep(const Descriptor* type, std::string_view name, std::string_view text) {
  const auto keep = [&](Error why) {
    return Payload::of(Undecoded{std::string{name}, std::string{text}, std::move(why), type});
  };
  if (type == nullptr) return keep({Errc::not_found, "message.unknown_type", std::string{name}});
  auto payload = decode(*type, text);
  if (payload.ok()) return std::move(payload).value();
  return keep({Errc::invalid_argument, payload.error().reason(), payload.error().detail()});
}

const Undecoded* undecoded(const Payload& payload) noexcept {
  return &payload.type() == &Undecoded::descriptor() ? &payload.as<Undecoded>() : nullptr;
}

std::string_view type_name(const Payload& payload) noexcept {
  const Undecoded* kept = undecoded(payload);
  return kept == nullptr ? payload.type().type : std::string_view{kept->type};
}

}  // namespace banyan::message
