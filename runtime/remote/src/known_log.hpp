#pragma once
#include <optional>

#include "banyan/base/clock.hpp"
#include "banyan/base/uuid.hpp"

namespace banyan::remote {

/// The log that the other end of a link speaks for, as far as is known here. If it becomes another one, a
/// store was replaced. If one that had been replaced is heard again, two stores are in use at once, and each
/// of them has a part of what one should have.
///
/// Pure logic: whoever owns it calls it from one thread.
class KnownLog {
 public:
  /// True if this shows that two are in use. Nil tells nothing.
  bool heard(const Uuid& log, Instant now);

  /// The one that was heard beside the last one, as long as both were within the last ten seconds.
  std::optional<Uuid> second(Instant now) const;
  const Uuid& last() const noexcept { return last_; }

 private:
  Uuid last_;
  Uuid before_;
  std::optional<Instant> changed_back_at_;
};

}  // namespace banyan::remote
