#pragma once
#include <string>
#include <string_view>

#include "banyan/base/clock.hpp"
#include "banyan/base/uuid.hpp"
#include "banyan/message/endpoint.hpp"
#include "banyan/nats/message.hpp"

namespace banyan::remote {

/// A message to be sent: headers and body.
struct Sheet {
  nats::Headers headers;
  std::string body;
};

/// A command or query with the time that is left for it. `authorization` may be empty.
Sheet encode(const message::Request& request, Duration timeout, std::string_view authorization);

/// The request that came to the subject of `type`, without a reply handler; its deadline is what time is left
/// from `now` on.
/// Errors: invalid_argument "remote.bad_headers", "remote.too_large", "message.invalid", those of
/// json::parse.
Result<message::Request> decode(const nats::Message& message, const message::Descriptor& type, Instant now);

/// The value of the header Authorization; empty without one.
std::string_view authorization_of(const nats::Message& message);

/// `log` is that of the store that answers; nil: it is not told.
Sheet encode(const message::Reply& reply, const Uuid& log = {});
/// Which store has answered; nil if the message does not tell.
Uuid log_of(const nats::Message& message);
/// The reply, if it is well-formed, with the callee's own error; else internal "remote.bad_reply".
message::Reply decode(const nats::Message& message, const message::Descriptor& answer);

}  // namespace banyan::remote
