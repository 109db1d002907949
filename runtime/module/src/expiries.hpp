#pragma once
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "banyan/delivery/age.hpp"
#include "banyan/module/instance.hpp"

namespace banyan::module {

/// Durable commands that came when their time was over: nobody has worked on them, and a saga goes back for
/// it. Counted, told, and remembered for a while: a module that is too slow for its neighbours, or whose
/// clock runs away from theirs, is not well.
///
/// Threads: add() is the writer's, recent() is safe.
class Expiries {
 public:
  Expiries(const Environment& environment, std::string module);

  /// Tells the log the first of a type, then how many there were, once a minute at most.
  void add(const message::Parcel& parcel, const Moment& now);

  /// Those that came since expiries of the last minutes began; none when the last one is long ago.
  std::optional<Expired> recent(Instant now) const;

 private:
  struct Kind {
    telemetry::Counter count;
    std::size_t untold = 0;
    std::optional<Instant> told_at = {};
  };
  Kind& of(const Descriptor& type);

  telemetry::Registry& metrics_;
  const telemetry::Log log_;
  const std::string module_;
  std::map<const Descriptor*, Kind> kinds_;
  mutable std::mutex mutex_;
  Expired expired_;  // guarded by mutex_, as what follows
  Instant last_{};
};

}  // namespace banyan::module
