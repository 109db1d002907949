#pragma once
#include <string>
#include <vector>

#include "banyan/base/result.hpp"
#include "banyan/host/host.hpp"
#include "settings.hpp"

namespace banyan::host {

/// The modules whose stores a start would make, since the data folder has none of them. Only looks: nothing
/// is made, so a mistyped folder leaves no trace. Errors, each with the next command:
///  - not_found "host.no_store": a store is missing, and process.create is never.
///  - rejected  "host.is_backup": a store is missing, and the folder holds copies that `backup` has made.
Result<std::vector<std::string>> missing_stores(const Settings& settings, const Program& program,
                                                const std::vector<std::string>& modules);

/// Those of `modules` of which the data folder has a store.
std::vector<std::string> present_stores(const Settings& settings, const std::vector<std::string>& modules);

/// The data folder as others can find it: absolute, and without links as far as it exists.
std::string whole_path(const std::string& folder);

}  // namespace banyan::host
