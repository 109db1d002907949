#include "store_state.hpp"

#include <string>
#include <string_view>

namespace banyan::module {
namespace {

/// Whether the disk refused, as opposed to an error of a statement.
bool is_of_disk(const Error& error) {
  const std::string& why = error.reason();
  return why == "store.unreadable" || why == "store.unwritable" || why == "store.corrupt" ||
         why == "store.fsync_failed";
}

std::string_view advice_for(const Error& error) {
  if (error.code() == Errc::data_loss) {
    return "the file is damaged: stop the process, run 'banyan check', restore the last backup "
           "(docs/how-to/back-up.md)";
  }
  return "it is tried again every second; look at the disk: 'dmesg', 'df', 'mount', 'quota'";
}

Error with_advice(const Error& error, std::string_view what) {
  return {error.code(), error.reason(),
          std::string{what} + ": " + error.detail() + "; " + std::string{advice_for(error)}};
}

std::string in_mib(std::size_t bytes) { return std::to_string(bytes >> 20) + " MiB"; }

}  // namespace

// A disk may refuse as full what it seems to have room for: a quota, a file system that keeps books of its
// own.
void StoreState::commit_failed(const Error& why) {
  if (!is_of_disk(why) && why.reason() != "store.full") return;
  const std::lock_guard lock{mutex_};
  change(commits_, "commit", why);
  can_not_commit_ = true;
}

void StoreState::written() {
  if (!can_not_commit_) return;
  const std::lock_guard lock{mutex_};
  change(commits_, "commit", success());
  can_not_commit_ = false;
}

// Damage stays: another read may meet with another page.
void StoreState::read(const Status& outcome) {
  if (outcome.ok() ? !can_not_read_ : !is_of_disk(outcome.error())) return;
  const std::lock_guard lock{mutex_};
  const bool is_damage = !outcome.ok() && outcome.error().code() == Errc::data_loss;
  change(is_damage ? damage_ : reads_, "read", outcome);
  can_not_read_ = reads_.has_value();
}

void StoreState::checkpointed(const Status& outcome) {
  const std::lock_guard lock{mutex_};
  change(checkpoints_, "checkpoint", outcome);
}

void StoreState::log_holds(std::size_t bytes, std::size_t bytes_max) {
  const bool is_too_long = bytes > bytes_max;
  if (!is_too_long && !is_too_long_) return;
  const std::lock_guard lock{mutex_};
  log_bytes_ = bytes;
  log_bytes_max_ = bytes_max;
  if (is_too_long_.exchange(is_too_long) == is_too_long) return;
  if (is_too_long) {
    log_.error("write-ahead log too long, commands refused", {{"bytes", bytes}, {"bytes_max", bytes_max}});
  } else {
    log_.info("write-ahead log emptied, commands taken", {{"bytes", bytes}});
  }
}

Status StoreState::work() const {
  if (takes_work()) return success();
  const std::lock_guard lock{mutex_};
  if (is_full_) {
    return Error{Errc::resource_exhausted, "store.full", "the disk is full; make room, nothing was changed"};
  }
  if (commits_) return with_advice(*commits_, "the store can't commit, nothing was changed");
  if (!is_too_long_) return success();
  return Error{Errc::resource_exhausted, "store.log_full",
               "the write-ahead log holds " + in_mib(log_bytes_) + ", store.wal_max is " +
                   in_mib(log_bytes_max_) + ", nothing was changed; it can't be emptied: " +
                   (checkpoints_ ? checkpoints_->detail()
                                 : std::string{"somebody reads an old state of the store for long (a backup, "
                                               "sqlite3): let it end"})};
}

void StoreState::describe(Health& health) const {
  if (health.state.ok()) health.state = work();
  const std::lock_guard lock{mutex_};
  if (damage_) health.troubles.push_back(with_advice(*damage_, "a part of the store is damaged"));
  if (reads_) health.troubles.push_back(with_advice(*reads_, "the store can't be read"));
  if (checkpoints_) {
    health.troubles.push_back(with_advice(*checkpoints_, "the write-ahead log can't be emptied"));
  }
}

void StoreState::change(std::optional<Error>& trouble, const char* work, const Status& outcome) {
  const bool was = trouble.has_value();
  trouble = outcome.ok() ? std::nullopt : std::optional{outcome.error()};
  if (was == trouble.has_value()) return;
  if (trouble) {
    log_.error("store fails", {{"work", work}, {"cause", *trouble}});
  } else {
    log_.info("store is well again", {{"work", work}});
  }
}

}  // namespace banyan::module
