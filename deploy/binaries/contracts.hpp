#pragma once
#include <vector>

#include "banyan/host/host.hpp"

namespace contracts {

/// Those of all the shop's modules, wherever they run.
std::vector<banyan::host::Contract> all();

}  // namespace contracts
