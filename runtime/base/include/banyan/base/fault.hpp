#pragma once
#include <string_view>

namespace banyan {

/// Named places at which a test makes the world fail: after_begin, before_commit, after_commit,
/// before_handoff, after_inbox_commit, before_cursor, mid_checkpoint. Threads: safe.
class Faults {
 public:
  virtual ~Faults() = default;
  /// Returns at once, delays, throws, or does not return at all.
  virtual void reach(std::string_view point) = 0;
};

/// The plan of production: nothing ever fails on purpose.
class NoFaults final : public Faults {
 public:
  void reach(std::string_view) override {}
};

}  // namespace banyan
