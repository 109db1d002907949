#include "banyan/message/refusal.hpp"

#include "banyan/json/encode.hpp"

namespace banyan::message {

static void read(const json::Input& in, Refusal& to) {
  json::Members members{in};
  members.required("code", to.code,
                   json::IntegerRules{.min = static_cast<std::int64_t>(Errc::invalid_argument),
                                      .max = static_cast<std::int64_t>(Errc::internal)});
  members.required("reason", to.reason, json::StringRules{.length_min = 1});
  members.optional("detail", to.detail);
}

static void write(json::Writer& out, const Refusal& refusal) {
  out.begin_object();
  json::member(out, "code", refusal.code);
  json::member(out, "reason", refusal.reason);
  if (!refusal.detail.empty()) json::member(out, "detail", refusal.detail);
  out.end_object();
}

const Descriptor& Refusal::descriptor() {
  static constexpr Descriptor type{
      .type = "banyan.refusal.v1",
      .module = "banyan",
      .kind = Kind::reply,
      .encode = json::encode<Refusal>,
      .decode = json::decode<Refusal>,
      .key = [](const void*) { return std::string{}; },
  };
  return type;
}

Refusal Refusal::from(const Error& error) {
  return {static_cast<std::int64_t>(error.code()), error.reason(), error.detail()};
}

Error Refusal::to_error() const { return Error{static_cast<Errc>(code), reason, detail}; }

}  // namespace banyan::message
