#pragma once
#include <atomic>

#include "banyan/base/clock.hpp"

namespace banyan::testing {

/// Stands still until it is moved by hand. Begins on 2026-01-01. Threads: safe.
class ManualClock final : public Clock {
 public:
  Timestamp now() const override { return Timestamp{Duration{since_1970_.load()}}; }
  void advance(Duration time) { since_1970_ += time.count(); }

 private:
  std::atomic<Duration::rep> since_1970_{1'767'225'600'000'000};
};

}  // namespace banyan::testing
