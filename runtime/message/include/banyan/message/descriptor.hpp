#pragma once
#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "banyan/base/result.hpp"
#include "banyan/json/decode.hpp"
#include "banyan/json/parse.hpp"
#include "banyan/json/value.hpp"

namespace banyan::message {

/// Stored in the outbox: values are never renumbered.
enum class Kind : std::uint8_t {
  command = 1,  ///< One owner, changes state, answers.
  query = 2,    ///< One owner, reads, answers.
  event = 3,    ///< A published fact; any number of subscribers.
  reply = 4,    ///< The answer to a command or a query.
  state = 5,    ///< Kept by its module (a saga's state); never sent.
};

std::string_view to_string(Kind kind) noexcept;

/// The runtime's knowledge of one message type. One constant per generated struct, alive for the whole
/// process.
struct Descriptor {
  std::string_view type;    ///< CloudEvents type: "inventory.reserve_stock.v1".
  std::string_view module;  ///< The module whose contract declares it.
  Kind kind;
  bool is_domain = false;              ///< A domain event: stays inside its module.
  const Descriptor* answer = nullptr;  ///< Commands and queries: the type of their reply.

  /// Appends the value as compact JSON.
  void (*encode)(const void* value, std::string& out);
  /// Validates and builds the value; nullptr exactly when something was added to `violations`.
  std::shared_ptr<const void> (*decode)(const json::Value& document, json::Violations& violations);
  /// The partition key: messages with equal keys are handled in order. Empty: no order is asked for.
  std::string (*key)(const void* value);
};

/// A struct that contractc generated.
template <class M>
concept Message = requires {
  { M::descriptor() } -> std::same_as<const Descriptor&>;
};

/// A shared, immutable, typed message body. Copying shares it. Threads: safe.
class Payload {
 public:
  Payload() = default;
  Payload(const Descriptor& type, std::shared_ptr<const void> value)
      : type_(&type), value_(std::move(value)) {}
  template <Message M>
  static Payload of(M value) {
    return Payload{M::descriptor(), std::make_shared<const M>(std::move(value))};
  }

  explicit operator bool() const noexcept { return value_ != nullptr; }
  const Descriptor& type() const { return BANYAN_ASSERT(type_ != nullptr), *type_; }
  const void* value() const noexcept { return value_.get(); }

  /// The body as M. It is one: asking for another type is a bug and aborts.
  template <Message M>
  const M& as() const {
    BANYAN_ASSERT(type_ == &M::descriptor());
    return *static_cast<const M*>(value_.get());
  }

  std::string to_json() const;

 private:
  const Descriptor* type_ = nullptr;
  std::shared_ptr<const void> value_;
};

/// The limits for text from a store or a broker. It was encoded here, and may be larger than the edge allows.
inline constexpr json::ParseLimits stored_limits{
    .bytes_max = 8 << 20, .depth_max = 128, .elements_max = 100'000};

/// Parses and validates `text` as a body of type `type`, within stored_limits.
/// Errors: those of json::parse; invalid_argument "message.invalid" with the first violation in the detail.
Result<Payload> decode(const Descriptor& type, std::string_view text);
/// The same for a document that is parsed already: the only error left is "message.invalid".
Result<Payload> validate(const Descriptor& type, const json::Value& document);

}  // namespace banyan::message
