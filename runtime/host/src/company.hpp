#pragma once
#include <optional>
#include <string>
#include <vector>

#include "banyan/host/host.hpp"
#include "settings.hpp"

namespace banyan::host {

/// Why a process with these modules is alone although they speak with others: no broker is named. Tells whom
/// they miss, and what to do next. Nothing if it reaches or has them all, or if to be alone is wanted.
std::optional<std::string> why_alone(const Settings& settings, const Program& program,
                                     const std::vector<std::string>& modules);

}  // namespace banyan::host
