#pragma once
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "banyan/remote/bus.hpp"
#include "services.hpp"

namespace banyan::remote {

/// Takes the calls that others make to a local module.
/// Threads: add() and start() come first; the calls come on the loop; the rest is safe.
class Server {
 public:
  Server(std::string self, message::Endpoint& endpoint, nats::Connection& connection,
         const Environment& environment, const BusOptions& options, const Presence& presence);

  /// `caller` may ask `type`.
  void allow(std::string_view caller, const message::Descriptor& type);
  void start();
  std::size_t under_way() const noexcept { return *under_way_; }

 private:
  struct Allowed {
    const message::Descriptor* type;
    std::set<std::string, std::less<>> callers;
    std::shared_ptr<OperationStats> stats;
  };

  void on_message(nats::Message message);
  void submit_arrived();
  Result<message::Request> read(const Allowed& operation, const nats::Message& message);
  Status check(const Allowed& operation, const nats::Message& message, const std::string& source) const;
  Error refuse(const nats::Message& message, const Error& why);
  Status send(const nats::Message& to, const message::Reply& reply) const;

  const std::string self_;
  message::Endpoint& endpoint_;
  nats::Connection& connection_;
  const Environment environment_;
  const BusOptions& options_;
  const Uuid log_;
  std::map<std::string, Allowed, std::less<>> operations_;  // by subject
  std::vector<message::Request> arrived_;                   // of the loop
  Services services_;
  telemetry::Counter refused_;
  std::shared_ptr<std::atomic<std::size_t>> under_way_ = std::make_shared<std::atomic<std::size_t>>(0);
};

}  // namespace banyan::remote
