#pragma once
#include <atomic>
#include <vector>

#include "banyan/gateway/gateway.hpp"
#include "banyan/module/instance.hpp"

namespace banyan::host {

/// The modules that a process runs. They outlive the pages that tell of them.
using Instances = std::vector<module::Instance*>;

/// /health/live: the process runs. /health/ready: it takes work (200) or not (503). /health: each module's
/// state. The pages refer to `is_ready`.
std::vector<gateway::Page> health_pages(const Instances& instances, const std::atomic<bool>& is_ready);

}  // namespace banyan::host
