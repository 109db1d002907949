#pragma once
#include <memory>

#include "banyan/base/fault.hpp"

namespace banyan::host {

/// None, unless FAULT_POINT tells one: "<point>:<k>" ends the process, without cleaning up, when `point` is
/// reached for the k-th time. For tests of what survives.
std::unique_ptr<Faults> fault_points_from_environment();

}  // namespace banyan::host
