#pragma once
#include <span>
#include <string>
#include <vector>

#include "banyan/backup/check.hpp"
#include "banyan/backup/console.hpp"

namespace banyan::backup {

/// Messages go from one module to another.
struct Link {
  std::string producer;
  std::string subscriber;

  friend bool operator==(const Link&, const Link&) = default;
};

struct RestoreOptions {
  std::string from;                     ///< The folder of the set.
  std::vector<ModuleStore> targets;     ///< The modules to restore, and where to.
  std::vector<ModuleStore> neighbours;  ///< Stores of other modules that stay as they are, if they are there.
  std::string where;                    ///< The options that lead to all of them, as they were typed.
  std::vector<Link> links = {};         ///< Of all modules.
  bool as_it_is = false;                ///< Also what its check finds something in.
};

/// Puts the copies of a set into the place of stores that are gone. Each log becomes a new incarnation, and
/// each position in it follows on, so that what a broker still holds of the time after the backup is of
/// another log.
///
/// Checks the set first, and refuses a folder that has a store. Whenever it ends in the middle, no process
/// serves what is there (store.restoring), and the same command goes on. At the end it checks what it wrote,
/// and tells of each link to a neighbour what it has to know.
///
/// False, with a line for each thing that is wrong.
bool restore(const RestoreOptions& options, const Console& console);

}  // namespace banyan::backup
