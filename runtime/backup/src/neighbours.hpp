#pragma once
#include <string>

#include "banyan/backup/console.hpp"
#include "banyan/backup/restore.hpp"
#include "banyan/delivery/lineage.hpp"

namespace banyan::backup {

/// After a restore: for each link between what was restored and a neighbour, whether it goes on, what is
/// missing, and the command that lets it go on.
void tell_neighbours(const RestoreOptions& options, const Console& console);

/// The effects of resuming the link, a line each.
void tell(const delivery::Resumption& plan, const std::string& producer, const std::string& subscriber,
          const Console& console);

/// "banyan link resume orders inventory --data-dir data"
std::string resume_command(const std::string& producer, const std::string& subscriber,
                           const std::string& where, const Console& console);

/// The next step after an error of resumption(), to go behind its detail; `command` would resume the link.
std::string advice_for(const Error& why, const std::string& command);

}  // namespace banyan::backup
