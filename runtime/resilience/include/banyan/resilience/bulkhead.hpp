#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "banyan/base/assert.hpp"
#include "banyan/base/clock.hpp"

namespace banyan::resilience {

struct BulkheadOptions {
  std::size_t concurrent_max = 256;  ///< Calls under way.
  std::size_t waiting_max = 256;     ///< Calls that wait for one of those to end.
};

/// Bounds what is under way to one dependency, so that a slow one can't take up all that a process has. What
/// finds no place waits in order, in a queue that is bounded too; W stands for one that waits.
///
/// Threads: safe.
template <class W>
class Bulkhead {
 public:
  enum class Entry : std::uint8_t { entered, waits, full };

  explicit Bulkhead(const BulkheadOptions& options) : options_(options) {
    BANYAN_ASSERT(options.concurrent_max >= 1);
  }

  /// Takes a place, which leave() gives back; or else queues a copy of `waiting`, which leave() starts before
  /// take_expired() returns it at `deadline`; or does neither.
  Entry enter(const W& waiting, Instant deadline) {
    const std::lock_guard lock{mutex_};
    if (running_ < options_.concurrent_max && queue_.empty()) {
      ++running_;
      return Entry::entered;
    }
    if (queue_.size() == options_.waiting_max) return Entry::full;
    queue_.push_back({waiting, deadline});
    return Entry::waits;
  }

  /// Gives a place back, then calls `start` with each that waits and now has one, without a lock. A leave()
  /// from within `start`, or meanwhile from another thread, starts nothing itself: the first one goes on, so
  /// calls that end at once do not nest.
  template <class Start>
  void leave(Start&& start) {
    give_back();
    while (std::optional<W> next = take_next()) {
      start(std::move(*next));
      const std::lock_guard lock{mutex_};
      is_starting_ = false;
    }
  }

  /// Those that waited until their deadline: they have no place and are not started.
  std::vector<W> take_expired(Instant now) {
    const std::lock_guard lock{mutex_};
    std::vector<W> expired;
    std::deque<Waiting> rest;
    for (Waiting& waiting : queue_) {
      if (now < waiting.deadline) {
        rest.push_back(std::move(waiting));
      } else {
        expired.push_back(std::move(waiting.what));
      }
    }
    queue_.swap(rest);
    return expired;
  }

  std::size_t running() const {
    const std::lock_guard lock{mutex_};
    return running_;
  }
  std::size_t waiting() const {
    const std::lock_guard lock{mutex_};
    return queue_.size();
  }

 private:
  struct Waiting {
    W what;
    Instant deadline;
  };

  void give_back() {
    const std::lock_guard lock{mutex_};
    BANYAN_ASSERT(running_ > 0);
    --running_;
  }

  std::optional<W> take_next() {
    const std::lock_guard lock{mutex_};
    if (is_starting_ || queue_.empty() || running_ == options_.concurrent_max) return std::nullopt;
    is_starting_ = true;
    ++running_;
    W next = std::move(queue_.front().what);
    queue_.pop_front();
    return next;
  }

  const BulkheadOptions options_;
  mutable std::mutex mutex_;  // guards all that follows
  std::size_t running_ = 0;
  std::deque<Waiting> queue_;
  bool is_starting_ = false;
};

}  // namespace banyan::resilience
