#pragma once
#include <functional>
#include <optional>
#include <string>

#include "banyan/message/envelope.hpp"

namespace banyan::message {

using Reply = Result<Payload>;
/// Called exactly once, on whatever thread produced the answer; must not block.
using ReplyHandler = std::function<void(Reply)>;

/// A caller's promise that a repeat is a repeat: the answer is stored with the effect, under (principal,
/// key).
struct Idempotency {
  std::string key;
  std::string
      fingerprint;  ///< Of method, route, principal and payload: the same key with another one is refused.
};

/// A command or query on its way to its module.
struct Request {
  ParcelPtr parcel;
  ReplyHandler reply;
  std::optional<Idempotency> idempotency;
};

/// Where a module's commands and queries go in. What is behind it (the module itself, a proxy, a router) is
/// not visible. Threads: safe.
class Endpoint {
 public:
  virtual ~Endpoint() = default;
  /// Takes the request and answers it later, or at once with resource_exhausted ("module.not_taken"),
  /// deadline_exceeded ("message.expired"), or not_found ("message.not_handled").
  virtual void submit(Request request) = 0;
};

}  // namespace banyan::message
