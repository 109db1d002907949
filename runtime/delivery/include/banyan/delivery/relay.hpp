#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "banyan/delivery/link.hpp"
#include "banyan/delivery/outbox.hpp"
#include "banyan/delivery/position.hpp"

namespace banyan::delivery {

/// A log's knowledge of a subscriber that is at one of its rows.
struct Known {
  std::optional<ChainHash> hash = {};  ///< Of that row; nothing where it is gone.
  std::optional<Seen> seen = {};       ///< As it was noted (Outbox::note); nothing if nothing was.
};

/// Where a relay reads what it no longer holds in memory. Errors of both: data_loss stops the link; with any
/// other one it waits, and the relay asks again when catch_up() is called next.
struct LogSource {
  std::function<Result<std::vector<Delivery>>(std::uint64_t after, const PageLimits& limits)> read = nullptr;
  std::function<Result<Known>(const std::string& subscriber, std::uint64_t seq)> known = nullptr;
};

/// The part of a log that one subscriber gets: messages addressed to it, and events of these types.
struct Interest {
  std::string subscriber;
  std::set<const message::Descriptor*> events = {};

  bool covers(const message::Parcel& parcel) const;
};

/// Each limit holds for one subscriber. Bytes are those of payloads, as JSON; one delivery always goes,
/// whatever its size.
struct RelayOptions {
  std::size_t credit = 1024;                ///< Deliveries under way that the subscriber has not confirmed.
  std::size_t credit_bytes = 8 << 20;       ///< Bytes of these.
  std::size_t window_max = 4096;            ///< Deliveries held in memory; beyond, they are read again.
  std::size_t window_bytes_max = 16 << 20;  ///< Bytes of these.
  PageLimits page = {};                     ///< Of what is read while catching up.
};

/// One subscriber as the metrics and the admin API show it.
struct LinkState {
  std::string subscriber;
  std::uint64_t confirmed = 0;
  std::size_t under_way = 0;
  bool is_started = false;
  std::optional<Error> stopped;  ///< Why nothing is sent any more; a person has to look.
  std::optional<Error> waits;    ///< Why the log could not be read; it is tried again.
};

/// Told inside the call in which it happens.
struct LinkTold {
  std::function<void(const std::string& subscriber, const Error& why)> stopped = nullptr;
  /// Begins to wait for a log that can't be read; once, until it goes on.
  std::function<void(const std::string& subscriber, const Error& why)> waits = nullptr;
  std::function<void(const std::string& subscriber)> goes_on = nullptr;
};

/// Hands the rows of one log to its subscribers: in order, as fast as each one's credit allows, from memory
/// while it keeps up and from the log when it is behind. Pure logic: whoever owns it calls it from one
/// thread.
class Relay {
 public:
  /// `head` is where the log ended when it was opened.
  Relay(std::string producer, RelayOptions options, LogSource source, const Position& head,
        LinkTold told = {})
      : producer_(std::move(producer)),
        options_(options),
        source_(std::move(source)),
        told_(std::move(told)),
        head_(head) {}

  /// Before anything else. `to` must outlive the relay.
  void subscribe(Interest interest, Subscriber& to);

  /// New durable rows, in order.
  void committed(std::span<const Delivery> rows);
  /// The log ends at `head`: what was not handed over, or could not be read, is read. To be called again and
  /// again.
  void catch_up(const Position& head);
  /// Stops the link with data_loss "delivery.diverged" if the log does not contain `position`. Begins later
  /// if the log can't be read now.
  void resume(const std::string& subscriber, const Position& position);
  void confirm(const std::string& subscriber, std::uint64_t seq);

  /// Everything up to here has reached everyone it concerns.
  std::uint64_t confirmed_by_all() const;
  /// The notes to be made about the subscribers, after which rows may be removed from the log.
  Passed passed() const;
  const Position& head() const noexcept { return head_; }
  std::vector<LinkState> links() const;

 private:
  struct Sent {
    std::uint64_t seq;
    std::size_t bytes;
  };
  struct Link {
    Interest interest;
    Subscriber* to = nullptr;
    std::deque<Delivery> ready = {};  // next to send
    std::size_t ready_bytes = 0;
    std::deque<Sent> under_way = {};  // not confirmed
    std::size_t under_way_bytes = 0;
    std::uint64_t scanned = 0;           // rows up to here are sent, in `ready`, or of no interest
    std::uint64_t delivered = 0;         // the last one that was sent
    std::uint64_t position = 0;          // the last one that the subscriber has
    std::optional<Position> asked = {};  // where it is to begin as soon as the log can be read
    bool is_started = false;
    bool follows = false;  // what it gets is known to follow on what the subscriber has
    std::optional<Error> stopped = {};
    std::optional<Error> waits = {};

    std::uint64_t confirmed() const;
  };

  bool has_room(const Link& link, std::size_t bytes) const;
  bool has_credit(const Link& link, std::size_t bytes) const;
  void push(Link& link, std::span<const Delivery> rows);
  void pump(Link& link);
  bool refill(Link& link);
  void begin(Link& link);
  void fail(Link& link, const Error& why);
  void goes_on(Link& link);
  void send(Link& link);
  void stop(Link& link, Error why);

  std::string producer_;
  RelayOptions options_;
  LogSource source_;
  LinkTold told_;
  Position head_;
  std::map<std::string, Link, std::less<>> links_;
};

}  // namespace banyan::delivery
