#pragma once
#include <memory>
#include <string>
#include <vector>

#include "banyan/remote/bus.hpp"
#include "stream_publisher.hpp"

namespace banyan::remote {

/// The producer's end of its links: stands in for the subscribers of a local relay, and tells the relay what
/// they report.
/// Threads: add_link() before start(); what it hands out is safe; the rest belongs to the loop.
class Outgoing final : private StreamPort {
 public:
  Outgoing(std::string producer, nats::Connection& connection, delivery::Publisher& relay,
           const Environment& environment, const BusOptions& options);
  ~Outgoing() override;

  Result<delivery::Subscriber*> add_link(const std::string& subscriber);
  void start();

  void connected() { publisher_.connected(); }
  void disconnected() { publisher_.disconnected(); }
  void tick() { publisher_.tick(); }
  /// Sends nothing more, for good.
  void rest() { publisher_.disconnected(); }
  bool is_idle() const noexcept { return publisher_.is_idle(); }
  void describe(std::vector<LinkHealth>& links) const { publisher_.describe(links); }

 private:
  class Sender;

  void sign(std::vector<Encoded>& messages, std::string_view subject) const;
  void on_report(const nats::Message& message);

  void store(const Ticket& ticket, std::string id, Encoded message) override;
  void find(std::uint64_t attempt) override;
  void resume(std::size_t link, const delivery::Position& position) override;
  void confirm(std::size_t link, std::uint64_t seq) override;
  void invite(std::size_t link) override;

  const std::string producer_;
  const std::string stream_;
  nats::Connection& connection_;
  delivery::Publisher& relay_;
  const Environment environment_;
  const Signer signer_;
  StreamPublisher publisher_;
  std::vector<std::unique_ptr<Sender>> senders_;
};

}  // namespace banyan::remote
