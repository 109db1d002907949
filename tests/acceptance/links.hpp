#pragma once
#include <string>
#include <vector>

namespace acceptance {

/// The links between the modules, as the stores in a data directory have them: each subscriber has handled
/// all that is for it in each producer's log, and nothing waits or was given up. That a position is of this
/// log, and the log whole, is what `banyan check` says. Each difference in words. No process may use the
/// stores. Throws if they can't be read.
std::vector<std::string> differences_of_links(const std::string& data_directory);

}  // namespace acceptance
