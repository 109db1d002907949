#pragma once
#include <list>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "banyan/base/clock.hpp"
#include "banyan/base/random.hpp"
#include "banyan/message/edge.hpp"
#include "banyan/message/registry.hpp"
#include "banyan/module/instance.hpp"
#include "banyan/nats/connection.hpp"
#include "banyan/remote/bus.hpp"
#include "banyan/telemetry/log.hpp"
#include "banyan/telemetry/metrics.hpp"
#include "broker.hpp"
#include "crossing.hpp"

namespace banyan::testing {

/// The world's time, in which on the network it never stands still.
class NetworkClock final : public Clock {
 public:
  explicit NetworkClock(const Clock& world) : world_(world) {}
  Instant now() const override { return world_.now() + gone(); }
  Timestamp utc() const override { return world_.utc() + gone(); }

 private:
  Duration gone() const { return real_.now() - began_; }

  const Clock& world_;
  const SystemClock real_;
  const Instant began_ = real_.now();
};

/// A real broker between modules, each of which is connected as if it were alone in its process; and the
/// connection of whoever asks them, who may ask everything.
///
/// Threads: one; the modules are called on the connections' loops. What does not work is thrown as
/// std::runtime_error.
class Network {
 public:
  struct Lent {
    const Clock& clock;
    Random& random;
    const message::Registry& registry;
    telemetry::Registry& metrics;
    telemetry::Log log;
  };
  /// A module on the network, until this ends.
  class Member;
  /// The one who asks.
  static constexpr std::string_view client = "test";

  /// `edges`: who may send what to whom. Empty: everybody everything.
  Network(const std::vector<const module::Module*>& modules, std::span<const message::Edge> edges,
          const Lent& lent);
  ~Network();

  NatsServer& server() noexcept { return broker_.server(); }
  message::Endpoint& endpoint_of(std::string_view module) { return bus_->endpoint_of(module); }

  /// Before the instance starts: connects it, and waits until it can be asked.
  std::unique_ptr<Member> join(module::Instance& instance);
  /// Returns when nothing is sent to it any more. A null pointer is nobody.
  void leave(std::unique_ptr<Member> member);
  /// Nothing comes from or to the instances any more.
  void cut();

  bool is_at_rest() const;
  /// The messages under way, for a person.
  std::string describe() const;

 private:
  using Names = std::vector<std::string_view>;
  void add_edge(std::string_view from, std::string_view to, Names calls, Names messages);
  void add_links(const std::vector<const module::Module*>& modules);
  remote::Environment environment() const;
  std::unique_ptr<nats::Connection> connect(std::string_view process);
  std::unique_ptr<remote::Bus> make_bus(std::string_view self, nats::Connection& connection) const;

  const Lent lent_;
  const NetworkClock clock_;
  std::list<std::string> texts_;  // what the edges point to
  std::list<Names> names_;
  std::vector<message::Edge> edges_;
  std::map<std::pair<std::string, std::string>, Crossing> crossings_;  // by producer and subscriber
  Broker broker_;
  std::unique_ptr<nats::Connection> connection_;
  std::unique_ptr<remote::Bus> bus_;
};

class Network::Member final : private module::Participant,
                              private delivery::Subscriber,
                              private delivery::Publisher {
 public:
  Member(Network& network, module::Instance& instance);
  ~Member() override;

  const std::string& name() const noexcept { return name_; }
  /// Takes no call any more.
  void stop() { bus_->stop(); }

 private:
  message::Endpoint& endpoint() noexcept override { return instance_.endpoint(); }
  delivery::Subscriber& subscriber() noexcept override { return *this; }
  delivery::Publisher& publisher() noexcept override { return *this; }
  void feeds(delivery::Interest interest, delivery::Subscriber& to) override;
  void listens_to(const std::string& producer, delivery::Publisher& from) override;

  void deliver(delivery::Batch batch) override;
  void resume(const std::string& subscriber, const delivery::Position& position) override;
  void confirm(const std::string& subscriber, std::uint64_t seq) override;
  bool is_flowing(const std::string& subscriber) const override {
    return instance_.publisher().is_flowing(subscriber);
  }
  const message::Descriptor* find_type(std::string_view name) const override {
    return instance_.publisher().find_type(name);
  }

  Crossing& from(const std::string& producer) { return network_.crossings_.at({producer, name_}); }
  Crossing& to(const std::string& subscriber) { return network_.crossings_.at({name_, subscriber}); }

  Network& network_;
  module::Instance& instance_;
  const std::string name_;
  std::unique_ptr<nats::Connection> connection_;
  std::unique_ptr<remote::Bus> bus_;
};

}  // namespace banyan::testing
