#pragma once
#include <string>
#include <vector>

namespace acceptance {

/// What the stores in a data directory say about the links between the modules: each subscriber has handled
/// all that is for it in each producer's log, to the same row, of the same hash, and nothing waits or was
/// given up. Each difference in words. No process may use the stores. Throws if they can't be read.
std::vector<std::string> differences_of_links(const std::string& data_directory);

}  // namespace acceptance
