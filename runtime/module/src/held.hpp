#pragma once
#include <atomic>
#include <list>
#include <optional>
#include <utility>
#include <vector>

#include "ask.hpp"
#include "banyan/base/clock.hpp"
#include "banyan/delivery/tx.hpp"
#include "banyan/module/module.hpp"

namespace banyan::module {

/// A request at the writer, with what its preparation came to.
struct Undecided {
  Ask ask;
  Prepared prepared;
  std::optional<Instant> until = std::nullopt;  ///< It has been held, and may be until then.
};

/// One that has waited for long enough, with what it waited for and how it was refused.
struct Overdue {
  Ask ask;
  delivery::Awaited awaited;
  Error refusal;
};

/// Requests that were refused because of an event that the module has not heard (Tx::unless_told), and that
/// are not answered yet: the event may be on its way. Nothing of their first attempt is left.
///
/// Each waits for one event, by type and key, so that other news have it carried out no second time: a
/// request for which no event will ever come costs a place for a while, and one attempt.
///
/// Threads: one, the writer's, but for size().
class Held {
 public:
  /// `requests_max` are held at the most, each for `time_max` and half of the time that its caller gives it.
  Held(std::size_t requests_max, Duration time_max) : requests_max_(requests_max), time_max_(time_max) {}

  /// Keeps `request`, which was refused with `refusal`. False, and it is untouched, if its time is over or no
  /// place is free.
  bool keep(Undecided& request, const delivery::Awaited& awaited, const Error& refusal, Instant now);
  /// A request of the same caller with the same idempotency key is held.
  bool has_key_of(const Ask& ask) const;

  /// Those that wait for `news`, in the order of their coming.
  std::vector<Undecided> take_told(const message::Parcel& news);
  /// Those whose time is over.
  std::vector<Overdue> take_overdue(Instant now);
  std::optional<Instant> next_due() const;
  /// Drops all: each answers for itself.
  void clear();

  std::size_t size() const noexcept { return size_; }

 private:
  struct Place {
    Undecided request;
    delivery::Awaited awaited;
    Error refusal;
  };
  template <class Wanted, class Use>
  void take_if(Wanted wanted, Use use);

  const std::size_t requests_max_;
  const Duration time_max_;
  std::list<Place> places_;  // in the order of their coming; few enough to look at each
  std::atomic<std::size_t> size_ = 0;
};

}  // namespace banyan::module
