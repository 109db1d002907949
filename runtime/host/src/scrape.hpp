#pragma once
#include <vector>

#include "banyan/gateway/gateway.hpp"
#include "banyan/telemetry/metrics.hpp"
#include "health.hpp"

namespace banyan::host {

/// The figures of a module that can be read at any time: depths and dead letters.
void add_readings(telemetry::Registry& metrics, const module::Instance& instance,
                  std::vector<telemetry::Registry::Registration>& readings);

/// /metrics: asks every module's store how old its oldest unconfirmed message and its oldest saga are, then
/// writes everything.
gateway::Page scrape_page(telemetry::Registry& metrics, const Instances& instances);

}  // namespace banyan::host
