#pragma once
#include <atomic>
#include <memory>
#include <vector>

#include "banyan/gateway/gateway.hpp"
#include "banyan/module/instance.hpp"

namespace banyan::host {

using Instances = std::vector<std::unique_ptr<module::Instance>>;

/// /health/live: the process runs. /health/ready: it takes work (200) or not (503). /health: each module's
/// state. The pages refer to both.
std::vector<gateway::Page> health_pages(const Instances& instances, const std::atomic<bool>& is_ready);

}  // namespace banyan::host
