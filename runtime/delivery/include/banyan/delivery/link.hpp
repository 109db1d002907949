#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "banyan/base/uuid.hpp"
#include "banyan/message/envelope.hpp"

namespace banyan::delivery {

/// Head of an outbox's hash chain after one row: BLAKE2b-128 over the hash before it and the row. Two logs
/// that agree on it at one position agree on everything before.
using ChainHash = std::array<std::byte, 16>;

/// A place in one producer's log. Default: before its first row.
struct Position {
  Uuid epoch;             ///< Which incarnation of the log; nil: never heard of any.
  std::uint64_t seq = 0;  ///< Of the last row that was passed.
  ChainHash hash{};       ///< At `seq`.

  friend bool operator==(const Position&, const Position&) = default;
};

/// One row of a log on its way to a subscriber.
struct Delivery {
  std::uint64_t seq = 0;
  ChainHash hash{};
  message::ParcelPtr parcel;
  std::size_t bytes = 0;  ///< Of its payload, as JSON.
};

/// Consecutive deliveries of one producer to one subscriber.
struct Batch {
  std::string producer;
  Uuid epoch;
  std::uint64_t after = 0;  ///< The delivery before the first one: what the subscriber has to have.
  std::vector<Delivery> deliveries = {};  ///< Never empty, rising seq.
};

/// The receiving end of a link. Threads: safe; returns at once.
class Subscriber {
 public:
  virtual ~Subscriber() = default;
  /// May repeat; order and completeness are restored by position, see Publisher::resume.
  virtual void deliver(Batch batch) = 0;
};

/// The sending end of a link, as its subscribers see it. Threads: safe; returns at once.
class Publisher {
 public:
  virtual ~Publisher() = default;
  /// Start, or start again, right after `position`: at the process' start, and when something is missing.
  virtual void resume(const std::string& subscriber, const Position& position) = 0;
  /// Everything up to `seq` is in the subscriber's database. Gives back credit.
  virtual void confirm(const std::string& subscriber, std::uint64_t seq) = 0;
  /// Whether the subscriber gets what is published for it without delay, as far as this end knows. If not,
  /// what it was not told of may have happened long ago.
  virtual bool is_flowing(const std::string& subscriber) const = 0;
  /// The message type of that name, or nullptr if none that is known here may come over this link.
  virtual const message::Descriptor* find_type(std::string_view name) const = 0;
};

}  // namespace banyan::delivery
