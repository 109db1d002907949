#pragma once
#include <span>
#include <string>
#include <vector>

#include "banyan/backup/commands.hpp"
#include "banyan/message/edge.hpp"

namespace banyan::ctl {

/// Where the stores of the split shop lie on this host.
struct StoreOptions {
  std::string data_dir = "data";
  std::vector<std::string> stores;  ///< "MODULE=FOLDER", for those that lie elsewhere.
};

/// The fault of a "MODULE=FOLDER"; empty if there is none.
std::string place_problem(const std::string& text, std::span<const message::Edge> edges);

/// The stores of all modules of the contracts.
backup::Places places_of(const StoreOptions& options, std::span<const message::Edge> edges,
                         const std::string& version);

}  // namespace banyan::ctl
