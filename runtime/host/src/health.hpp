#pragma once
#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "banyan/gateway/gateway.hpp"
#include "banyan/module/instance.hpp"
#include "banyan/remote/health.hpp"
#include "banyan/resilience/guarded.hpp"
#include "owner_desk.hpp"

namespace banyan::host {

/// The modules that a process runs. They outlive the pages that tell of them.
using Instances = std::vector<module::Instance*>;

/// The name of the gateway among the processes.
inline constexpr std::string_view gateway_identity = "gateway";

/// The view that one identity of this process has of modules in other processes.
struct NeighbourHealth {
  std::string identity;  ///< A module, or "gateway".
  remote::Health health;
  std::vector<resilience::GuardStatus> dependencies = {};  ///< Modules that it calls.
  std::optional<OwnerHealth> owner = {};                   ///< Of a module: whether this process serves it.
};

/// The sources of the health pages.
struct HealthSources {
  Instances instances = {};
  std::function<std::vector<NeighbourHealth>()> neighbours = [] { return std::vector<NeighbourHealth>{}; };
  /// Why the process takes no work although its modules could; sentences for an operator.
  std::function<std::vector<std::string>()> hindrances = [] { return std::vector<std::string>{}; };
  const std::atomic<bool>& is_ready;  ///< The process has started, and was not told to stop.
};

/// /health/live: the process runs. /health/ready: it takes work (200) or not (503); without the server
/// between processes only a process that has modules for its clients does; which calls are refused because a
/// module has failed is told, and is no reason for 503: the others work. /health: the state of each module,
/// of the links to others, and of the calls to them.
std::vector<gateway::Page> health_pages(const HealthSources& sources);

}  // namespace banyan::host
