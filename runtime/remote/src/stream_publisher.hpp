#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "banyan/base/clock.hpp"
#include "banyan/base/random.hpp"
#include "banyan/delivery/link.hpp"
#include "banyan/nats/jetstream.hpp"
#include "banyan/remote/health.hpp"
#include "banyan/resilience/retry.hpp"
#include "banyan/telemetry/log.hpp"
#include "known_log.hpp"
#include "link_codec.hpp"
#include "metrics.hpp"
#include "reminder.hpp"

namespace banyan::remote {

/// One publication that is under way.
struct Ticket {
  std::uint64_t attempt = 0;  ///< The stream was found that many times before.
  std::uint64_t expected = 0;
  std::size_t link = 0;
  std::uint64_t seq = 0;
  std::size_t bytes = 0;
};

/// The calls of a StreamPublisher to others; each returns at once.
class StreamPort {
 public:
  virtual ~StreamPort() = default;
  /// Store `message` right after ticket.expected under `id`; answered with StreamPublisher::stored().
  virtual void store(const Ticket& ticket, std::string id, Encoded message) = 0;
  /// Answered with StreamPublisher::found().
  virtual void find(std::uint64_t attempt) = 0;
  /// The rows of the link are wanted from `position` on.
  virtual void resume(std::size_t link, const delivery::Position& position) = 0;
  virtual void confirm(std::size_t link, std::uint64_t seq) = 0;
  /// The subscriber is to report: it may have done so when nobody listened. May get lost.
  virtual void invite(std::size_t link) = 0;
};

struct PublisherOptions {
  std::size_t window = 1024;                    ///< Publications under way,
  std::size_t window_bytes = 8 << 20;           ///< and their bodies; one always goes.
  Duration stall = std::chrono::seconds{2};     ///< Stored, but not received for so long: sent again.
  Duration patience = std::chrono::seconds{5};  ///< A stream that is away for so long is worth a warning.
  /// Between attempts to find the stream.
  resilience::RetryPolicy retry{.delay_base = std::chrono::milliseconds{100},
                                .delay_max = std::chrono::seconds{2}};
};

/// Puts the rows of one log into its stream, for all its remote subscribers, in the order in which they are
/// handed over. Each one says after which message of the stream it comes: if the stream is not as expected
/// (something was lost, rolled back, or is not known to be stored), it is asked where it ends, and every link
/// begins again where its subscriber is. Nothing is kept for later meanwhile: the log has it.
///
/// Pure logic: whoever owns it calls it from one thread.
class StreamPublisher {
 public:
  StreamPublisher(std::string producer, PublisherOptions options, const Clock& clock, Random& random,
                  telemetry::Log log, telemetry::Counter resyncs, StreamPort& port)
      : producer_(std::move(producer)),
        options_(options),
        clock_(clock),
        random_(random),
        log_(std::move(log)),
        resyncs_(resyncs),
        port_(port) {}

  /// Before anything else: the number of the link.
  std::size_t add_link(std::string subscriber, const LinkMetrics& metrics);
  std::optional<std::size_t> link_of(std::string_view subscriber) const;

  /// Whether rows that are published go into the stream.
  bool is_in_step() const noexcept { return state_ == State::ready; }

  void connected();
  void disconnected();
  /// Rows of the log that follow `after`, from the relay.
  void publish(std::size_t link, const Uuid& epoch, std::uint64_t after, std::vector<Encoded> messages);
  /// From the subscriber.
  void reported(std::size_t link, const Report& report);
  void stored(const Ticket& ticket, const Result<nats::PubAck>& ack);
  /// `last`: where the stream ends.
  void found(std::uint64_t attempt, const Result<std::uint64_t>& last);
  /// Now and then.
  void tick();

  /// Nothing that was taken is still to be stored.
  bool is_idle() const noexcept { return under_way_ == 0 && queue_.empty(); }
  void describe(std::vector<LinkHealth>& links) const;

 private:
  enum class State : std::uint8_t { away, lost, finding, ready };

  struct Sent {
    std::uint64_t seq;
    delivery::ChainHash hash;
  };
  struct Link {
    std::string subscriber;
    LinkMetrics metrics;
    std::string id_stem = {};           // of the messages since the link was started
    Uuid epoch = {};                    // of the rows since then
    std::optional<Report> report = {};  // the last one
    KnownLog log = {};                  // of the subscriber
    Instant reported_at = {};
    Instant moved_at = {};  // when it last was seen to receive, or had received all
    bool is_started = false;
    std::uint64_t queued = 0;    // the last row that was taken
    std::uint64_t stored = 0;    // the last one that the broker has
    std::uint64_t received = 0;  // the last one that the subscriber has seen
    std::deque<Sent> unconfirmed = {};
  };
  struct Waiting {
    std::size_t link;
    Encoded message;
  };

  void lose(const Error& why);
  void tell(const Error& why);
  void look_at_log(Link& link, const Report& report);
  bool needs_attention(const Error& why) const;
  void fall_out_of_step();
  void start(std::size_t index);
  bool has_room(const Encoded& message) const;
  void pump();
  static bool has_diverged(Link& link, const delivery::Position& position);
  bool is_stalled(Link& link, const Report& report) const;

  const std::string producer_;
  const PublisherOptions options_;
  const Clock& clock_;
  Random& random_;
  const telemetry::Log log_;
  telemetry::Counter resyncs_;
  StreamPort& port_;

  std::vector<Link> links_;
  State state_ = State::away;
  std::uint64_t attempt_ = 0;
  int failures_ = 0;  // since something was stored, or the connection was made
  Instant failing_since_{};
  Reminder reminder_;
  Reminder alarm_;
  Instant find_at_{};
  std::uint64_t expected_ = 0;
  std::size_t under_way_ = 0;
  std::size_t under_way_bytes_ = 0;
  std::deque<Waiting> queue_;
};

}  // namespace banyan::remote
