#pragma once
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "model.hpp"

namespace banyan::contractc {

/// The messages from one module, or from "gateway", to another module. Types, each once.
struct Edge {
  std::vector<std::string> calls;     ///< Commands and queries that the sender may ask.
  std::vector<std::string> messages;  ///< Durable commands, events, replies and refusals.
};

/// By (from, to).
using Edges = std::map<std::pair<std::string, std::string>, Edge>;

/// Needs contracts that are right together.
Edges edges_of(std::span<const Contract> contracts);

}  // namespace banyan::contractc
