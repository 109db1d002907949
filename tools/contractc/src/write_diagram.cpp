#include <fmt/format.h>

#include <map>

#include "write.hpp"

namespace banyan::contractc {
namespace {

/// The messages from one module to another, by (from, to), as lines of an edge's label.
using Edges = std::map<std::pair<std::string, std::string>, std::vector<std::string>>;

Edges edges_of(std::span<const Contract> contracts, bool of_events) {
  Edges edges;
  for (const Contract& contract : contracts) {
    for (const Use& use : contract.uses) {
      if ((use.kind == Kind::event) != of_events) continue;
      const auto ends =
          of_events ? std::pair{use.module, contract.module} : std::pair{contract.module, use.module};
      edges[ends].push_back(use.message);
    }
  }
  return edges;
}

std::string write_edges(const Edges& edges, std::string_view arrow) {
  std::string out;
  for (const auto& [ends, names] : edges) {
    out += fmt::format("  {} {}|\"{}\"| {}\n", ends.first, arrow, fmt::join(names, "<br>"), ends.second);
  }
  return out;
}

}  // namespace

std::string write_diagram(std::span<const Contract> contracts) {
  std::string out =
      "# Modules\n\nSolid arrows are commands and queries, dotted ones events; each leads from the sender to "
      "the receiver.\n\n"
      "```mermaid\nflowchart LR\n  clients([HTTP clients])\n";
  for (const Contract& contract : contracts) out += fmt::format("  {}\n", contract.module);
  for (const Contract& contract : contracts) {
    if (!contract.routes.empty()) out += fmt::format("  clients --> {}\n", contract.module);
  }
  out += write_edges(edges_of(contracts, false), "-->");
  out += write_edges(edges_of(contracts, true), "-.->");
  return out + "```\n";
}

}  // namespace banyan::contractc
