#include "banyan/remote/bus.hpp"

#include <atomic>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "client.hpp"
#include "feed.hpp"
#include "outgoing.hpp"
#include "server.hpp"

namespace banyan::remote {
namespace {

constexpr Duration tick_period = std::chrono::milliseconds{50};

using Types = std::map<std::string_view, const message::Descriptor*>;

Result<Types> find_types(std::span<const std::string_view> names, const message::Registry& registry) {
  Types types;
  for (const std::string_view name : names) {
    const message::Descriptor* type = registry.find(name);
    if (type == nullptr) return Error{Errc::not_found, "remote.unknown_type", std::string{name}};
    types.emplace(type->type, type);
  }
  return types;
}

delivery::Interest interest_in(const message::Edge& edge, const Types& types) {
  delivery::Interest interest{.subscriber = std::string{edge.to}};
  for (const auto& [name, type] : types) {
    if (type->kind == message::Kind::event) interest.events.insert(type);
  }
  return interest;
}

}  // namespace

struct Bus::Parts {
  Parts(std::string self_, nats::Connection& connection_, std::span<const message::Edge> edges_,
        const Environment& environment_, BusOptions options_)
      : self(std::move(self_)),
        connection(connection_),
        edges(edges_),
        environment(environment_),
        options(std::move(options_)) {}

  Status send_to(const message::Edge& edge, module::Participant& participant);
  Status hear_from(const message::Edge& edge, module::Participant& participant);
  Status serve(const message::Edge& edge);
  void on_state(nats::State state);
  void tick();
  void note();
  bool is_idle() const;

  const std::string self;
  nats::Connection& connection;
  const std::span<const message::Edge> edges;
  Environment environment;
  const BusOptions options;

  std::map<std::string, std::unique_ptr<Client>, std::less<>> clients;
  std::unique_ptr<Outgoing> outgoing;
  std::vector<std::unique_ptr<Feed>> feeds;
  std::unique_ptr<Server> server;

  Uuid log;  // of the participant's store

  std::atomic<bool> is_started = false;
  std::atomic<bool> is_stopped = false;
  bool is_listening = true;                    // of the loop
  bool is_resting = false;                     // of the loop
  std::vector<std::function<void()>> waiting;  // of the loop: for idleness

  mutable std::mutex mutex;
  Health health;  // guarded by mutex
};

Bus::Bus(std::string self, nats::Connection& connection, std::span<const message::Edge> edges,
         const Environment& environment, BusOptions options)
    : parts_(std::make_unique<Parts>(std::move(self), connection, edges, environment, std::move(options))) {
  parts_->environment.log = environment.log.for_module(parts_->self);
}

Bus::~Bus() = default;

Status Bus::link(module::Participant& participant, const std::set<std::string, std::less<>>& here,
                 const Presence& presence) {
  Parts& parts = *parts_;
  parts.log = presence.log;
  parts.outgoing = std::make_unique<Outgoing>(parts.self, parts.connection, participant.publisher(),
                                              parts.environment, parts.options);
  parts.server = std::make_unique<Server>(parts.self, participant.endpoint(), parts.connection,
                                          parts.environment, parts.options, presence);
  for (const message::Edge& edge : parts.edges) {
    Status linked = success();
    if (edge.from == parts.self && !here.contains(edge.to)) linked = parts.send_to(edge, participant);
    if (edge.to == parts.self && !here.contains(edge.from)) {
      linked = parts.hear_from(edge, participant);
      if (linked.ok()) linked = parts.serve(edge);
    }
    if (!linked.ok()) return linked;
  }
  return success();
}

message::Endpoint& Bus::endpoint_of(std::string_view module) {
  auto& client = parts_->clients[std::string{module}];
  if (client == nullptr) {
    client = std::make_unique<Client>(parts_->self, module, parts_->edges, parts_->connection,
                                      parts_->environment, parts_->options);
  }
  return *client;
}

void Bus::start() {
  Parts& parts = *parts_;
  parts.is_started = true;
  if (parts.outgoing) parts.outgoing->start();
  if (parts.server) parts.server->start();
  parts.connection.call_on_loop([&parts] {
    for (const auto& feed : parts.feeds) feed->start();
  });
  parts.connection.on_state([&parts](nats::State state) { parts.on_state(state); });
  parts.connection.call_on_loop([&parts] { parts.tick(); });
}

void Bus::stop() {
  Parts& parts = *parts_;
  if (parts.is_stopped.exchange(true)) return;
  parts.connection.call_on_loop([&parts] {
    for (const auto& feed : parts.feeds) feed->stop();
  });
  parts.connection.stop_listening([&parts] { parts.is_listening = false; });
}

void Bus::rest() {
  Parts& parts = *parts_;
  parts.connection.call_on_loop([&parts] {
    parts.is_resting = true;
    for (const auto& feed : parts.feeds) feed->rest();
    if (parts.outgoing) parts.outgoing->rest();
  });
  stop();
}

void Bus::when_idle(std::function<void()> done) {
  parts_->connection.call_on_loop([&parts = *parts_, done = std::move(done)] {
    if (!parts.is_started) return done();
    parts.waiting.push_back(done);
  });
}

void Bus::report() {
  parts_->connection.call_on_loop([&parts = *parts_] {
    for (const auto& feed : parts.feeds) feed->flush();
  });
}

std::size_t Bus::calls_under_way() const noexcept { return parts_->server ? parts_->server->under_way() : 0; }

Health Bus::health() const {
  Health health;
  {
    const std::lock_guard lock{parts_->mutex};
    health = parts_->health;
  }
  health.broker = parts_->connection.state();
  health.trouble = parts_->connection.trouble();
  if (health.broker != nats::State::connected) {
    for (LinkHealth& link : health.links) link.is_flowing = false;
  }
  return health;
}

Status Bus::Parts::send_to(const message::Edge& edge, module::Participant& participant) {
  if (edge.messages.empty()) return success();
  const auto types = find_types(edge.messages, environment.registry);
  if (!types.ok()) return types.error();
  const auto sender = outgoing->add_link(std::string{edge.to});
  if (!sender.ok()) return sender.error();
  participant.feeds(interest_in(edge, types.value()), *sender.value());
  return success();
}

Status Bus::Parts::hear_from(const message::Edge& edge, module::Participant& participant) {
  if (edge.messages.empty()) return success();
  auto types = find_types(edge.messages, environment.registry);
  if (!types.ok()) return types.error();
  LinkRules rules{.producer = std::string{edge.from}, .subscriber = self, .types = std::move(types).value()};
  auto feed = Feed::make(std::move(rules), connection, participant.subscriber(), environment,
                         {.report_delay = options.report_delay, .log = log}, options.statement_verifier);
  if (!feed.ok()) return feed.error();
  participant.listens_to(std::string{edge.from}, *feed.value());
  feeds.push_back(std::move(feed).value());
  return success();
}

Status Bus::Parts::serve(const message::Edge& edge) {
  const auto types = find_types(edge.calls, environment.registry);
  if (!types.ok()) return types.error();
  for (const auto& [name, type] : types.value()) server->allow(edge.from, *type);
  return success();
}

void Bus::Parts::on_state(nats::State state) {
  if (is_resting) return;
  if (state == nats::State::connected) {
    if (outgoing) outgoing->connected();
    for (const auto& feed : feeds) feed->connected();
  } else if (outgoing) {
    outgoing->disconnected();
  }
}

void Bus::Parts::tick() {
  if (outgoing) outgoing->tick();
  for (const auto& feed : feeds) feed->tick();
  note();
  if (is_idle()) {
    for (const auto& done : std::exchange(waiting, {})) done();
  }
  connection.call_after(tick_period, [this] { tick(); });
}

bool Bus::Parts::is_idle() const {
  const bool answers = server && server->under_way() > 0;
  return !is_listening && !answers && (!outgoing || outgoing->is_idle());
}

void Bus::Parts::note() {
  std::vector<LinkHealth> links;
  if (outgoing) outgoing->describe(links);
  for (const auto& feed : feeds) links.push_back(feed->describe());
  std::vector<TwoLogs> two_logs;
  for (const auto& [module, client] : clients) {
    if (auto two = client->two_logs()) two_logs.push_back(std::move(*two));
  }
  const std::lock_guard lock{mutex};
  health.links = std::move(links);
  health.two_logs = std::move(two_logs);
}

}  // namespace banyan::remote
