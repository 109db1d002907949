#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "banyan/base/clock.hpp"
#include "banyan/base/uuid.hpp"
#include "banyan/store/transaction.hpp"

namespace banyan::saga {

/// One thing that happened to a saga, as it is kept.
struct HistoryEntry {
  Timestamp at{};
  std::string step;     ///< Or the saga's name: aborted, completed, failed.
  std::string outcome;  ///< Of a step: done, refused, timed_out, undone, undo_refused, undo_timed_out, kept
                        ///< (it is irreversible), late.
  std::string detail;
};

/// The steps of one instance, oldest first; empty if there is none. Throws store::Failure.
std::vector<HistoryEntry> history(store::ReadTransaction& transaction, std::string_view saga, const Uuid& id);

/// One instance as the admin API shows it.
struct Progress {
  std::string saga;
  Uuid id;
  std::string status;  ///< running, compensating, completed, failed
  int step = 0;        ///< Counted from 0.
  int attempt = 0;
  Timestamp started_at{};
  Age deadline{};
};

/// Instances that run longer than their deadline allows, oldest first. Throws store::Failure.
std::vector<Progress> stuck(store::ReadTransaction& transaction, Age now, std::int64_t rows_max);

/// How many instances are under way, and since when the oldest of them. Throws store::Failure.
struct Activity {
  std::int64_t count = 0;
  std::optional<Age> oldest = {};
};
Activity activity(store::ReadTransaction& transaction);

/// Asks a running instance to stop and take back what it did; it does so when the answer it waits for is in
/// or overdue, and its `fails` gets `reason`. Behind its pivot it goes on all the same. False if there is
/// none that runs, or it compensates already. Throws store::Failure.
bool abort(store::Transaction& transaction, std::string_view saga, const Uuid& id, const Error& reason);

}  // namespace banyan::saga
