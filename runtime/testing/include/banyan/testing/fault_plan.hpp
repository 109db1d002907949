#pragma once
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "banyan/base/fault.hpp"

namespace banyan::testing {

/// Which fault points fail, and how. Reaches of a point are counted from 1, since the plan was made or
/// cleared; several faults may wait at one point.
///
///   faults.fail("before_commit", 3);           // the third commit throws
///   faults.run("after_begin", 1, [&] { … });   // a delay, a snapshot, whatever has to happen there
///   faults.exit("before_handoff", 2, 9);       // the process ends as if it were killed
///
/// Threads: safe; actions run on the thread that reaches the point.
class FaultPlan final : public Faults {
 public:
  /// Throws std::runtime_error at reach number `reach`, or at every one from it on.
  void fail(std::string point, int reach = 1);
  void fail_from(std::string point, int reach = 1);
  void run(std::string point, int reach, std::function<void()> action);
  /// Ends the process at once with `status`, without any clean-up.
  void exit(std::string point, int reach, int status);

  /// Disarms every point and counts from 1 again.
  void clear();
  /// How often a point was reached.
  int reached(std::string_view point) const;

  /// True for the text of an exception that some plan has thrown.
  static bool is_planned(std::string_view what) noexcept;

  void reach(std::string_view point) override;

 private:
  struct Fault {
    int first = 1;
    int last = 1;
    std::function<void()> action = nullptr;
  };
  struct Point {
    int reached = 0;
    std::vector<Fault> faults = {};
  };

  void arm(std::string point, Fault fault);

  mutable std::mutex mutex_;
  std::map<std::string, Point, std::less<>> points_;  // guarded by mutex_
};

}  // namespace banyan::testing
