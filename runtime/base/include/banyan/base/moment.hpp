#pragma once
#include "banyan/base/clock.hpp"

namespace banyan {

/// Names the clock of Age.
struct OpenTime {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<OpenTime>;
  static constexpr bool is_steady = true;
};

/// A moment in the life of one store: the time for which it had been open by then, in all processes that ever
/// had it open. For what has to last for a time and is kept in a table: it stands still while nobody has the
/// store open, and no setting of a clock moves it. No expression mixes it with a Timestamp or an Instant.
using Age = OpenTime::time_point;

/// One moment, in each way in which a module deals with it.
struct Moment {
  Timestamp utc;    ///< For what is written, shown or sent as a time of day.
  Age age;          ///< For what is kept in the module's store and has to last.
  Instant instant;  ///< For what waits in this process.
};

}  // namespace banyan
