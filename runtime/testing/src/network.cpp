#include "network.hpp"

#include <stdexcept>

#include "banyan/message/refusal.hpp"
#include "banyan/testing/plain_signatures.hpp"

namespace banyan::testing {
namespace {

using Modules = std::vector<const module::Module*>;

template <class T>
T value_of(Result<T> result) {
  if (!result.ok()) throw std::runtime_error(result.error().reason() + ": " + result.error().detail());
  return std::move(result).value();
}

/// The requests that a module takes.
std::vector<std::string_view> calls_to(const module::Module& module) {
  std::vector<std::string_view> types;
  for (const auto& [type, handler] : module.commands()) types.push_back(type->type);
  for (const auto& [type, handler] : module.queries()) types.push_back(type->type);
  return types;
}

/// Every command and every answer to one: who sends which to whom, only their handlers know.
std::vector<std::string_view> addressed(const Modules& modules) {
  std::vector<std::string_view> types{message::Refusal::descriptor().type};
  for (const module::Module* module : modules) {
    for (const message::Descriptor* type : module->messages()) {
      if (type->kind == message::Kind::command || type->kind == message::Kind::reply) {
        types.push_back(type->type);
      }
    }
  }
  return types;
}

}  // namespace

Network::Network(const Modules& modules, std::span<const message::Edge> edges, const Lent& lent)
    : lent_(lent), clock_(lent.clock), edges_(edges.begin(), edges.end()), connection_(connect(client)) {
  if (edges.empty()) add_links(modules);
  std::vector<std::string> names;
  for (const module::Module* module : modules) {
    names.push_back(module->name());
    add_edge(client, module->name(), calls_to(*module), {});
    for (const module::Module* other : modules) crossings_.try_emplace({module->name(), other->name()});
  }
  provide_links(*connection_, names);
  bus_ = make_bus(client, *connection_);
  for (const std::string& name : names) bus_->endpoint_of(name);
  bus_->start();
}

Network::~Network() { connection_->close(); }

void Network::add_edge(std::string_view from, std::string_view to, Names calls, Names messages) {
  const auto keep = [this](Names names) -> const Names& { return names_.emplace_back(std::move(names)); };
  edges_.push_back({.from = texts_.emplace_back(from),
                    .to = texts_.emplace_back(to),
                    .calls = keep(std::move(calls)),
                    .messages = keep(std::move(messages))});
}

void Network::add_links(const Modules& modules) {
  for (const module::Module* producer : modules) {
    for (const module::Module* subscriber : modules) {
      if (subscriber == producer) continue;
      Names messages = addressed(modules);
      for (const message::Descriptor* event : module::interest_of(*subscriber, *producer).events) {
        messages.push_back(event->type);
      }
      add_edge(producer->name(), subscriber->name(), {}, std::move(messages));
    }
  }
}

remote::Environment Network::environment() const {
  return {clock_, lent_.random, lent_.registry, lent_.metrics, lent_.log};
}

std::unique_ptr<nats::Connection> Network::connect(std::string_view process) {
  return value_of(nats::Connection::open(broker_.options_for(process), clock_, lent_.random, lent_.log));
}

std::unique_ptr<remote::Bus> Network::make_bus(std::string_view self, nats::Connection& connection) const {
  remote::BusOptions options;
  options.report_delay = Duration::zero();
  options.signer = [name = std::string{self}](std::string_view statement) {
    return sign_plainly(name, statement);
  };
  options.statement_verifier = signer_of;
  return std::make_unique<remote::Bus>(std::string{self}, connection, edges_, environment(), options);
}

std::unique_ptr<Network::Member> Network::join(module::Instance& instance) {
  return std::make_unique<Member>(*this, instance);
}

void Network::leave(std::unique_ptr<Member> member) {
  if (!member) return;
  const std::string name = member->name();
  member.reset();
  await_silence(*connection_, name);
}

void Network::cut() {
  for (auto& [ends, crossing] : crossings_) {
    crossing.close_producer();
    crossing.close_subscriber();
  }
}

bool Network::is_at_rest() const {
  for (const auto& [ends, crossing] : crossings_) {
    if (!crossing.is_at_rest()) return false;
  }
  return true;
}

std::string Network::describe() const {
  std::string text;
  for (const auto& [ends, crossing] : crossings_) {
    if (!crossing.is_at_rest()) {
      text += ends.first + " -> " + ends.second + ": " + crossing.describe() + "; ";
    }
  }
  return text;
}

Network::Member::Member(Network& network, module::Instance& instance)
    : network_(network),
      instance_(instance),
      name_(instance.definition().name()),
      connection_(network.connect(name_)),
      bus_(network.make_bus(name_, *connection_)) {
  const Status linked = bus_->link(*this, {});
  if (!linked.ok()) throw std::runtime_error(linked.error().reason() + ": " + linked.error().detail());
  bus_->start();
  await_service(*network_.connection_, name_);
}

Network::Member::~Member() {
  for (auto& [ends, crossing] : network_.crossings_) {
    if (ends.first == name_) crossing.close_producer();
    if (ends.second == name_) crossing.close_subscriber();
  }
  connection_->close();
}

void Network::Member::feeds(delivery::Interest interest, delivery::Subscriber& sender) {
  Crossing& crossing = to(interest.subscriber);
  crossing.open_producer(instance_.publisher(), sender);
  instance_.feeds(std::move(interest), crossing);
}

void Network::Member::listens_to(const std::string& producer, delivery::Publisher& feed) {
  Crossing& crossing = from(producer);
  crossing.open_subscriber(instance_.subscriber(), feed);
  instance_.listens_to(producer, crossing);
}

void Network::Member::deliver(delivery::Batch batch) { from(batch.producer).arrived(std::move(batch)); }

void Network::Member::resume(const std::string& subscriber, const delivery::Position& position) {
  to(subscriber).asked_to_resume(subscriber, position);
}

void Network::Member::confirm(const std::string& subscriber, std::uint64_t seq) {
  to(subscriber).confirmed(subscriber, seq);
}

}  // namespace banyan::testing
