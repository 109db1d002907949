#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "banyan/base/clock.hpp"
#include "banyan/delivery/link.hpp"
#include "banyan/remote/health.hpp"
#include "link_codec.hpp"
#include "metrics.hpp"

namespace banyan::remote {

/// The calls of an Incoming to others; each returns at once.
class IncomingPort {
 public:
  virtual ~IncomingPort() = default;
  virtual void deliver(delivery::Batch batch) = 0;
  /// To the producer. Once it was heard, `wish` comes back with Incoming::heard().
  virtual void report(const Report& report, std::uint64_t wish) = 0;
  /// Everything up to this message of the stream is done with. `reply` is the message's.
  virtual void acknowledge(const std::string& reply) = 0;
};

struct IncomingOptions {
  std::size_t batch_max = 256;                             ///< Deliveries that are handed over at once.
  std::size_t report_rows = 256;                           ///< Confirmed ones that are reported at once,
  Duration report_delay = std::chrono::milliseconds{100};  ///< fewer after this time.
  Duration report_period = std::chrono::seconds{1};        ///< A report comes at least so often,
  Duration silence_max = std::chrono::seconds{4};          ///< Of the producer; then the link does not flow.
  Duration resume_period = std::chrono::seconds{1};        ///< one that asks to resume at most.
  Uuid log = {};  ///< Of the subscriber's own store, as reports tell it.
};

/// Where a message lies in the stream.
struct Place {
  std::uint64_t stream_sequence = 0;
  std::uint64_t consumer_sequence = 0;
  std::string reply;
};

/// Makes of what comes out of a producer's stream, which may be repeated, out of order, or have holes, the
/// feed of one subscriber: every row once and in order. A row that does not follow on the last one is dropped
/// and the producer asked to begin again. What is in the subscriber's database is acknowledged, and reported
/// to the producer, which thereby sees what was lost on the way.
///
/// Pure logic: whoever owns it calls it from one thread.
class Incoming {
 public:
  Incoming(std::string producer, std::string subscriber, IncomingOptions options, const Clock& clock,
           const LinkMetrics& metrics, IncomingPort& port)
      : producer_(std::move(producer)),
        subscriber_(std::move(subscriber)),
        options_(options),
        clock_(clock),
        metrics_(metrics),
        port_(port) {}

  // From the subscriber's writer
  void resume(const delivery::Position& position);
  void confirm(std::uint64_t seq);

  // From the broker
  void connected();
  void arrived(Place place, Decoded message);
  /// The message is not decodable, or forged: it is skipped.
  void refused(Place place);
  /// The message is part of a run that was never completed: it will be sent again.
  void incomplete(Place place);
  /// Something is missing: the producer is asked to begin again.
  void missed();
  /// The producer listens, and does not know where this stands.
  void invited();
  /// No more has come for now: hands over what has.
  void paused();
  /// The producer has heard a report.
  void heard(std::uint64_t wish);

  /// Rows of this other log of the producer came within the last ten seconds.
  std::optional<Uuid> other_log() const;

  /// To be called about every 50 ms.
  void tick();
  /// Reports what is still to be reported.
  void flush();

  /// The producer has heard lately where this stands, and sends of one log.
  bool is_flowing() const;
  LinkHealth describe() const;

 private:
  struct Held {
    Place place;
    std::uint64_t seq;  // done with when it is confirmed; 0: at once
  };
  struct Handed {
    std::uint64_t seq;
    delivery::ChainHash hash;
  };

  void hold(Place place, std::uint64_t seq);
  bool follows(const Decoded& message) const;
  void accept(Decoded message);
  void note_handed(std::uint64_t seq, const delivery::ChainHash& hash);
  void hand_over();
  void acknowledge();
  void wish_to_resume();
  void report(bool resume);

  const std::string producer_;
  const std::string subscriber_;
  const IncomingOptions options_;
  const Clock& clock_;
  LinkMetrics metrics_;
  IncomingPort& port_;

  bool is_started_ = false;
  delivery::Position confirmed_;
  delivery::Position feed_;    // the last row that was taken; its hash does not matter
  delivery::Batch batch_;      // taken, not handed over yet
  std::deque<Handed> handed_;  // taken, not confirmed; in the order of the log
  Uuid handed_epoch_;
  std::deque<Held> held_;  // in the order of the stream
  std::uint64_t consumer_sequence_ = 0;

  std::uint64_t wish_ = 0;  // counts what made it wish to resume, from 1
  bool is_wishing_ = false;
  std::size_t unreported_ = 0;
  Instant report_due_ = no_deadline;
  Instant resume_due_{};
  Instant heard_at_{};
  Uuid other_log_;                   // of the producer: rows of it have come,
  std::optional<Instant> other_at_;  // last at this time
};

}  // namespace banyan::remote
