#pragma once
#include <string>
#include <vector>

#include "banyan/backup/check.hpp"
#include "files.hpp"
#include "manifest.hpp"

namespace banyan::backup {

/// The copies of a set as stores that can be read.
std::vector<ModuleStore> stores_in(const Manifest& manifest, const std::string& folder);

/// Whether the file has the checksum of the manifest. Errors: data_loss "backup.changed_copy".
Status check_sum(const Copy& copy, const Checksum& sum, const std::string& path);

}  // namespace banyan::backup
