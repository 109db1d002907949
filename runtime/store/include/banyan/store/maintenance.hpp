#pragma once
#include <string>
#include <vector>

#include "banyan/base/clock.hpp"
#include "banyan/base/result.hpp"
#include "banyan/store/options.hpp"

namespace banyan::store {

/// Work on a whole store through a connection of its own: on any thread, in any process, while the store is
/// in use. Takes long on a large store, and the write-ahead log can't start over meanwhile.

/// Copies the committed state at the time of the call into a new, complete database file, and checks the
/// copy. `target` appears when all is done, or not at all; mode 0600. Errors: already_exists
/// "store.backup_exists"; not_found "store.not_there": there is no store; unavailable "store.directory";
/// data_loss "store.corrupt" if the copy does not pass its check; those of Failure.
Status backup(const Options& source, const std::string& target);

/// success() if no process has the store for writing, or there is no store yet. Errors: conflict
/// "store.in_use", the detail says by whom; unavailable "store.directory".
Status check_free(const Options& store);

/// What is wrong with the file and with its foreign keys, a line each; empty if all is well. Errors:
/// not_found "store.not_there"; those of Failure.
Result<std::vector<std::string>> integrity_problems(const Options& store);

}  // namespace banyan::store
