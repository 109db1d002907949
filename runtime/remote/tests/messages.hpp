#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "banyan/delivery/link.hpp"
#include "banyan/testing/manual_clock.hpp"
#include "banyan/testing/sample.hpp"
#include "link_codec.hpp"

/// The messages that the tests of remote send.
namespace banyan::remote {

using message::Kind;
using namespace std::chrono_literals;

/// When messages are written and read.
inline constexpr Instant moment = Instant{1h};

using Noted = testing::Sample<"mirror.noted.v1", Kind::reply>;
using Note = testing::Sample<"mirror.note.v1", Kind::command, Noted>;
using Changed = testing::Sample<"counter.changed.v1", Kind::event>;
using Removed = testing::Sample<"counter.removed.v1", Kind::event>;

inline Uuid test_id(std::uint8_t number) {
  Uuid id;
  id.bytes[0] = std::byte{1};
  id.bytes[15] = std::byte{number};
  return id;
}

inline delivery::ChainHash hash_of(std::uint64_t seq) {
  delivery::ChainHash hash{};
  for (std::size_t i = 0; i < 8; ++i) hash[i] = static_cast<std::byte>(seq * 2654435761U >> 8 * i);
  return hash;
}

template <message::Message M>
delivery::Delivery row(std::uint64_t seq, M body, std::string destination = {}) {
  message::Parcel parcel;
  parcel.envelope.id = test_id(static_cast<std::uint8_t>(seq));
  parcel.envelope.source = "counter";
  parcel.envelope.destination = std::move(destination);
  parcel.envelope.key = body.key;
  parcel.envelope.time = testing::ManualClock{}.utc();
  parcel.payload = message::Payload::of(std::move(body));
  return {
      .seq = seq, .hash = hash_of(seq), .parcel = std::make_shared<const message::Parcel>(std::move(parcel))};
}

inline delivery::Delivery changed(std::uint64_t seq, std::string text = {}) {
  return row(seq, Changed{.key = "k", .number = static_cast<std::int64_t>(seq), .text = std::move(text)});
}

inline LinkRules mirror_rules() {
  return {.producer = "counter",
          .subscriber = "mirror",
          .types = {{Changed::descriptor().type, &Changed::descriptor()},
                    {Note::descriptor().type, &Note::descriptor()}}};
}

/// With another value; without that header if the value is empty.
inline nats::Headers replaced(const nats::Headers& headers, std::string_view name, std::string_view value) {
  nats::Headers changed;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    if (headers[i].name != name) changed.add(headers[i].name, headers[i].value);
  }
  if (!value.empty()) changed.add(name, value);
  return changed;
}

/// As the broker hands it on.
inline nats::Message message_of(Encoded encoded) {
  nats::Message message;
  message.subject = "evt.counter.mirror";
  message.headers = std::move(encoded.headers);
  message.data = std::move(encoded.body);
  return message;
}

}  // namespace banyan::remote
