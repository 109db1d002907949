#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "banyan/nats/jetstream.hpp"
#include "banyan/remote/bus.hpp"
#include "incoming.hpp"
#include "reminder.hpp"
#include "run.hpp"

namespace banyan::remote {

/// The subscriber's end of one link: stands in for the relay of a producer elsewhere, and feeds the local
/// writer with what comes out of the producer's stream.
/// Threads: as a Publisher it is safe; the rest belongs to the loop.
class Feed final : public delivery::Publisher, private IncomingPort {
 public:
  /// Errors: invalid_argument "nats.bad_subject".
  static Result<std::unique_ptr<Feed>> make(LinkRules rules, nats::Connection& connection,
                                            delivery::Subscriber& to, const Environment& environment,
                                            const IncomingOptions& options, StatementVerifier verifier);

  void resume(const std::string& subscriber, const delivery::Position& position) override;
  void confirm(const std::string& subscriber, std::uint64_t seq) override;
  bool is_flowing(const std::string&) const override { return is_flowing_; }
  const message::Descriptor* find_type(std::string_view name) const override { return rules_.find(name); }

  /// Until then nothing is asked for, nor told.
  void start();
  void connected();
  void tick();
  void flush() { incoming_.flush(); }
  /// Hands over nothing more: it will come again.
  void stop();
  /// That, and tells the producer nothing more either.
  void rest();
  LinkHealth describe() const;

 private:
  Feed(LinkRules rules, nats::Subject reports, nats::Connection& connection, delivery::Subscriber& to,
       const Environment& environment, const IncomingOptions& options, std::optional<Run> run);

  void begin(const delivery::Position& position);
  void listen();
  void look_at_logs();
  void on_delivery(nats::Delivery delivery);
  void on_message(Place place, const nats::Message& raw);
  void on_signed(Place place, Decoded message, const nats::Message& raw);
  void refuse(Place place, const Error& why);
  void break_off();
  void on_trouble(const Error& why);
  bool flows() const;

  void deliver(delivery::Batch batch) override { to_.deliver(std::move(batch)); }
  void report(const Report& report, std::uint64_t wish) override;
  void acknowledge(const std::string& reply) override;

  const LinkRules rules_;
  const nats::Subject reports_;
  nats::Connection& connection_;
  delivery::Subscriber& to_;
  const Clock& clock_;
  const telemetry::Log log_;
  Incoming incoming_;
  std::optional<Run> run_;  // none: nothing has to be signed
  Reminder reminder_;
  Reminder alarm_;
  nats::StopPulling stop_pulling_;
  bool is_started_ = false;
  bool has_begun_ = false;
  bool is_resting_ = false;
  std::optional<delivery::Position> held_;  // where the writer is, as long as this has not started
  bool is_answered_ = false;                // pulls are
  bool is_stopped_ = false;
  bool is_bursting_ = false;              // the end of the burst has been posted
  std::atomic<bool> is_flowing_ = false;  // at the last tick
  std::atomic<std::uint64_t> confirmed_ = 0;
  std::atomic<bool> is_confirming_ = false;  // the confirmation has been posted
};

}  // namespace banyan::remote
