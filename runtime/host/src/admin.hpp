#pragma once
#include <vector>

#include "banyan/gateway/gateway.hpp"
#include "health.hpp"

namespace banyan::host {

/// Parked messages and dead letters of every module:
///   GET  /admin/parked/{module}?after=PRODUCER/SEQ       a page of at most 100
///   POST /admin/parked/{module}/{producer}/{seq}/retry   a dead letter gets new attempts
///   POST /admin/parked/{module}/{producer}/{seq}/discard it is given up; what waits behind it goes on
std::vector<gateway::Page> parked_pages(const Instances& instances);

/// Sets a subscriber back in the log of a producer, for its projections. The two may be in different
/// processes:
///   GET  /admin/positions/{producer}?at=SEQ   or ?before=TIME: as text, what the other one wants to be told
///   POST /admin/rewind/{module}/{producer}/{epoch}/{seq}/{hash}
std::vector<gateway::Page> rewind_pages(const Instances& instances);

/// GET /admin/sagas: instances that run longer than they may.
gateway::Page saga_page(const Instances& instances);

}  // namespace banyan::host
