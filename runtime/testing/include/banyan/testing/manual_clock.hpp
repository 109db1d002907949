#pragma once
#include <atomic>

#include "banyan/base/clock.hpp"

namespace banyan::testing {

/// Stands still until it is moved by hand. It is 2026-01-01 at first. Threads: safe.
class ManualClock final : public Clock {
 public:
  Instant now() const override { return Instant{Duration{passed_.load()}}; }
  Timestamp utc() const override { return Timestamp{Duration{began_at_ + passed_.load() + set_by_.load()}}; }

  /// Time goes by.
  void advance(Duration time) { passed_ += time.count(); }
  /// Somebody sets the system's clock, forward or back. No time goes by.
  void set_by(Duration difference) { set_by_ += difference.count(); }

 private:
  static constexpr Duration::rep began_at_ = 1'767'225'600'000'000 - 3'600'000'000;
  std::atomic<Duration::rep> passed_{3'600'000'000};
  std::atomic<Duration::rep> set_by_{0};
};

}  // namespace banyan::testing
