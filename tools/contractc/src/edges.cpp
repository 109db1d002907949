#include "edges.hpp"

#include <algorithm>

#include "banyan/base/assert.hpp"

namespace banyan::contractc {
namespace {

/// How the runtime says no to a durable command: message::Refusal.
constexpr const char* refusal_type = "banyan.refusal.v1";

void add(std::vector<std::string>& types, const std::string& type) {
  if (std::find(types.begin(), types.end(), type) == types.end()) types.push_back(type);
}

const Contract& owner_of(std::span<const Contract> contracts, const Use& use) {
  const auto owner = std::find_if(contracts.begin(), contracts.end(),
                                  [&](const Contract& contract) { return contract.module == use.module; });
  BANYAN_ASSERT(owner != contracts.end());
  return *owner;
}

const Message& message_of(const Contract& contract, const std::string& name) {
  const Message* message = contract.find_message(name);
  BANYAN_ASSERT(message != nullptr);
  return *message;
}

/// A module's own durable command needs no edge; one to another module goes there, and its reply comes back.
void add_command(Edges& edges, const std::string& user, const Contract& owner, const Message& command) {
  Edge& there = edges[{user, owner.module}];
  add(there.calls, command.type);
  add(there.messages, command.type);
  Edge& back = edges[{owner.module, user}];
  add(back.messages, message_of(owner, command.reply).type);
  add(back.messages, refusal_type);
}

void add_use(Edges& edges, const std::string& user, const Contract& owner, const Message& message) {
  if (message.kind == Kind::command) {
    add_command(edges, user, owner, message);
  } else if (message.kind == Kind::query) {
    add(edges[{user, owner.module}].calls, message.type);
  } else {
    add(edges[{owner.module, user}].messages, message.type);
  }
}

}  // namespace

Edges edges_of(std::span<const Contract> contracts) {
  Edges edges;
  for (const Contract& contract : contracts) {
    for (const Use& use : contract.uses) {
      const Contract& owner = owner_of(contracts, use);
      add_use(edges, contract.module, owner, message_of(owner, use.message));
    }
    for (const Route& route : contract.routes) {
      add(edges[{"gateway", contract.module}].calls, message_of(contract, route.message).type);
    }
  }
  return edges;
}

}  // namespace banyan::contractc
