#pragma once
#include <string_view>

#include "banyan/config/schema.hpp"
#include "banyan/resilience/guarded.hpp"

namespace banyan::resilience {

/// Declares the table [resilience.<dependency>]; `options` holds the defaults, and receives the values.
/// Lifetime: as Schema says.
void declare(config::Schema& schema, std::string_view dependency, GuardOptions& options);

}  // namespace banyan::resilience
