#pragma once
#include "model.hpp"

namespace banyan::contractc {

/// Reads the keyword `default` of a schema whose other keywords are already in `schema`; a default that the
/// schema itself would refuse is a problem.
void read_default(const Node& node, Schema& schema, Problems& problems);

}  // namespace banyan::contractc
