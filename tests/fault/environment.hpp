#pragma once
#include <cstdint>

namespace fault {

/// $name, or `otherwise`.
std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise);

}  // namespace fault
