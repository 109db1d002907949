#pragma once
#include <optional>
#include <string>
#include <vector>

#include "banyan/base/result.hpp"
#include "banyan/base/uuid.hpp"

namespace banyan::backup {

/// A restore that is under way, as each folder that it fills has it from before the first store is there
/// until all are. No process opens a store there meanwhile (store.restoring), and whoever runs the restore
/// again knows what is done.
struct Pending {
  struct Log {
    std::string module;
    Uuid epoch;  ///< That its log gets.

    friend bool operator==(const Log&, const Log&) = default;
  };

  Uuid set;
  std::string from;
  std::vector<Log> logs = {};

  const Uuid& epoch_of(const std::string& module) const;
  friend bool operator==(const Pending&, const Pending&) = default;
};

/// Errors: unavailable "backup.file"; data_loss "backup.bad_pending".
Result<std::optional<Pending>> read_pending(const std::string& folder);
Status write_pending(const std::string& folder, const Pending& pending);
Status remove_pending(const std::string& folder);

}  // namespace banyan::backup
