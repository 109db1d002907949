#pragma once
#include <vector>

#include "banyan/base/clock.hpp"
#include "banyan/gateway/gateway.hpp"
#include "health.hpp"

namespace banyan::host {

/// Parked messages and dead letters of every module:
///   GET  /admin/parked/{module}?after=PRODUCER/SEQ       a page of at most 100
///   POST /admin/parked/{module}/{producer}/{seq}/retry   a dead letter gets new attempts
///   POST /admin/parked/{module}/{producer}/{seq}/discard it is given up; what waits behind it goes on
std::vector<gateway::Page> parked_pages(const Instances& instances);

/// GET /admin/sagas: instances that run longer than they may.
gateway::Page saga_page(const Instances& instances, const Clock& clock);

}  // namespace banyan::host
