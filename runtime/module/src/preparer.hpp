#pragma once
#include <atomic>
#include <optional>

#include "ask.hpp"
#include "banyan/module/instance.hpp"
#include "writer.hpp"

namespace banyan::module {

/// Goes before the writer for modules whose commands have to ask the outside world first: it may block, the
/// writer may not. Keeps the order of what passes through it. Without such commands everything passes at
/// once, on the caller's thread. Threads: safe.
class Preparer final : public delivery::Subscriber {
 public:
  /// `pause`: how long nothing is tried after what concerns every message.
  Preparer(const Module& module, const Environment& environment, std::size_t mailbox_max, Duration pause,
           Writer& writer);

  void submit(Ask ask);
  void deliver(delivery::Batch batch) override;
  void retry(delivery::ParkedMessage message, message::ParcelPtr parcel);
  /// Has the preparation that runs hurry, and waits for it; what waits behind it is not begun.
  void close();

 private:
  /// Hands them on a few at a time: what is not in the store when the process ends is prepared again.
  void prepare(delivery::Batch batch);
  bool is_prepared(const message::Parcel& parcel) const;
  Result<Prepared> prepare_unless_in_vain(const message::Parcel& parcel);
  Result<Prepared> prepare(const message::Parcel& parcel) const;

  const Module& module_;
  const Environment& environment_;
  Writer& writer_;
  const Duration pause_;
  std::optional<Error> common_;  // what every message would meet, until rest_until_; the actor's
  Instant rest_until_{};
  std::atomic<bool> is_closing_ = false;
  actor::Address address_;  // none if there is nothing to prepare
};

}  // namespace banyan::module
