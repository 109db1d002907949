#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "banyan/backup/check.hpp"
#include "banyan/backup/console.hpp"

namespace banyan::backup {

struct LinkOptions {
  std::string producer;
  std::string subscriber;
  std::optional<std::uint64_t> after =
      {};                                ///< The last row that both have in common, where nothing tells it.
  std::optional<ModuleStore> lost = {};  ///< The producer's store as it was before it was set back.
  bool is_applied = false;               ///< Else it only says what it would do.
  std::string where = {};                ///< The options that lead to the stores, as they were typed.
};

/// Lets a link go on that has stopped because its two ends have come apart: tells which row is the last that
/// both have in common, what the subscriber has beyond it, which stays done, what it will get, and what is
/// missing for ever; and then, if it is to, puts the subscriber there, in one transaction. For that the
/// subscriber's process has to be stopped; the producer's need not be.
///
/// False, with a line that says why and what to do.
bool resume_link(std::span<const ModuleStore> stores, const LinkOptions& options, const Console& console);

}  // namespace banyan::backup
