#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "banyan/backup/check.hpp"
#include "banyan/backup/console.hpp"
#include "banyan/base/result.hpp"
#include "banyan/delivery/link.hpp"
#include "banyan/store/reader.hpp"

namespace banyan::backup {

/// A link whose subscriber is at no place of its producer's log.
struct Misfit {
  std::string producer;
  std::string subscriber;
  delivery::Position at;
  Error why;

  /// Whether it is the same link at the same place.
  bool is_same(const Misfit& other) const;
};

/// A store that is read, and whose it is.
struct Looked {
  std::string module;
  store::ReadTransaction& store;
};

/// The links between these stores of which the two ends don't fit. Throws store::Failure.
std::vector<Misfit> misfits(std::span<const Looked> stores);

struct SnapshotLimits {
  int attempts_max = 1000;
  Duration time_max = std::chrono::seconds{30};        ///< For all attempts.
  Duration pause_max = std::chrono::milliseconds{20};  ///< Before the next one; by chance, at most that.
};

/// Snapshots of several stores, all in use perhaps, that fit together: no subscriber has anything of a log
/// that its producer's snapshot does not have. They are taken as fast as can be, one after the other; if a
/// message was handled just then, they are dropped and taken anew.
///
/// A link that does not fit twice, with the same position, does not move: it has stopped, and no attempt
/// would mend it. They have it as it is.
///
/// Threads: one.
class Snapshots {
 public:
  /// Errors: unavailable "backup.no_moment": a link kept moving, the detail says which one; those of
  /// store::Reader.
  static Result<Snapshots> take(std::span<const ModuleStore> stores, const Console& console,
                                const SnapshotLimits& limits = {});

  /// The snapshot of the n-th store.
  store::Reader& snapshot(std::size_t n) { return *readers_[n]; }
  /// Lets it go: its write-ahead log may start over.
  void release(std::size_t n) { readers_[n]->end(); }
  const std::vector<Misfit>& stopped() const noexcept { return stopped_; }
  int attempts() const noexcept { return attempts_; }

 private:
  Snapshots() = default;
  Status hold(std::span<const ModuleStore> stores);
  void drop();

  std::vector<std::unique_ptr<store::Reader>> readers_;
  std::vector<Misfit> stopped_;
  int attempts_ = 0;
};

}  // namespace banyan::backup
