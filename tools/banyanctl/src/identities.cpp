#include "identities.hpp"

#include <algorithm>
#include <set>

namespace banyan::ctl {

std::vector<std::string> modules_of(std::span<const message::Edge> edges) {
  std::set<std::string> modules;
  for (const message::Edge& edge : edges) {
    modules.emplace(edge.from);
    modules.emplace(edge.to);
  }
  modules.erase(std::string{gateway});
  return {modules.begin(), modules.end()};
}

std::vector<std::string> identities_of(std::span<const message::Edge> edges) {
  std::vector<std::string> all = modules_of(edges);
  for (const std::string_view name : {gateway, admin, ops, sys, server}) all.emplace_back(name);
  return all;
}

bool is_identity(std::span<const message::Edge> edges, std::string_view name) {
  if (name.starts_with("nats-")) return true;
  const std::vector<std::string> all = identities_of(edges);
  return std::find(all.begin(), all.end(), name) != all.end();
}

}  // namespace banyan::ctl
