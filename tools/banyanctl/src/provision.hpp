#pragma once
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "banyan/message/edge.hpp"
#include "banyan/nats/jetstream.hpp"

namespace banyan::ctl {

/// A producer's stream, with a consumer for each of its subscribers.
struct Provision {
  nats::StreamConfig stream;
  std::vector<nats::ConsumerConfig> consumers;
};

/// The streams and consumers that the links of `edges` need. Each stream may have up to `bytes_max`.
std::vector<Provision> provisions_of(std::span<const message::Edge> edges, std::int64_t bytes_max);

/// Makes streams and consumers, and makes them again when the broker has lost them. Threads: one, not the
/// connection's loop; blocks.
class Provisioner {
 public:
  /// Calls `say` with each thing that it does.
  Provisioner(nats::Connection& connection, std::vector<Provision> provisions,
              std::function<void(const std::string&)> say)
      : connection_(connection), provisions_(std::move(provisions)), say_(std::move(say)) {}

  /// Everything as it is configured, also what is there and was different. Errors, and then what they do not
  /// concern is made nevertheless: those of nats' JetStream; the first one.
  Status make();
  /// Makes missing parts, and consumers that are ahead of their stream: it was set back, and they would
  /// silently skip what comes next. Errors: as make().
  Status repair();

 private:
  Status for_each(const std::function<Status(const Provision&)>& work) const;
  Status make(const Provision& provision);
  Status make_stream(const nats::StreamConfig& stream);
  Status make_consumer(const nats::ConsumerConfig& consumer);
  Status repair(const Provision& provision);
  Status repair(const nats::ConsumerConfig& consumer, const Result<nats::ConsumerInfo>& found,
                std::uint64_t last_sequence);

  nats::Connection& connection_;
  std::vector<Provision> provisions_;
  std::function<void(const std::string&)> say_;
};

}  // namespace banyan::ctl
