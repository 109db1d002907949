#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "banyan/delivery/link.hpp"
#include "banyan/message/descriptor.hpp"
#include "banyan/nats/message.hpp"

namespace banyan::remote {

/// One delivery as it lies in the stream.
struct Encoded {
  std::uint64_t seq = 0;
  delivery::ChainHash hash{};
  nats::Headers headers;
  std::string body;
};

/// `after` is the delivery before it. Of a deadline it says how much time is left at `now`. The last sequence
/// that the stream is expected to have, and the id, are added when it is published.
Encoded encode(const delivery::Delivery& delivery, const Uuid& epoch, std::uint64_t after, Instant now);

/// The messages that may come in over one link, as the contracts say.
struct LinkRules {
  std::string producer;
  std::string subscriber;
  std::map<std::string_view, const message::Descriptor*> types;
  std::size_t body_bytes_max = 1 << 20;

  /// nullptr for a type that may not come.
  const message::Descriptor* find(std::string_view type) const;
};

/// One delivery as it came.
struct Decoded {
  Uuid epoch;
  std::uint64_t after = 0;
  delivery::Delivery delivery;
};

/// Believes nothing: whoever can write to the stream may have written anything. A body that can't be decoded,
/// or whose type the rules do not have, is message::Undecoded: its sender may be of another version. Its
/// deadline is what time is left from `now` on.
/// Errors: invalid_argument "remote.bad_headers", "remote.too_large"; rejected "remote.not_allowed": it is no
/// message of this link.
Result<Decoded> decode(const nats::Message& message, const LinkRules& rules, Instant now);

/// How far a subscriber has come, as it tells the producer.
struct Report {
  delivery::Position position;  ///< In its database.
  std::uint64_t received = 0;   ///< On its way there: the last one that arrived in order.
  bool resume = false;          ///< Asks for the rows after the position.
  Uuid log = {};                ///< Of the subscriber's own store; nil: it does not tell.

  friend bool operator==(const Report&, const Report&) = default;
};

std::string to_json(const Report& report);
/// Errors: invalid_argument "remote.bad_report".
Result<Report> parse_report(std::string_view text);

}  // namespace banyan::remote
