#pragma once
#include <functional>
#include <span>
#include <string>

#include "banyan/base/clock.hpp"
#include "banyan/store/options.hpp"

namespace banyan::backup {

/// The store of one module.
struct ModuleStore {
  std::string module;
  store::Options options;
};

/// Whether a store is whole: its file, its log, and its positions in the logs of `all`. Tells `complain` a
/// line for each thing that is not. Reads only, also while modules run; on a terminal it tells how far it is.
bool is_whole(const ModuleStore& store, std::span<const ModuleStore> all, const Clock& clock,
              const std::function<void(const std::string&)>& complain);

}  // namespace banyan::backup
