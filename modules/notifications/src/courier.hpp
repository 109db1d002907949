#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "shop/notifications/sender.hpp"

namespace shop::notifications {

/// The outcome of one attempt to send a notification.
struct Handover {
  enum class Outcome : std::uint8_t {
    taken,
    refused,       ///< It can never be delivered.
    put_off,       ///< This one later.
    out_of_reach,  ///< None now.
    not_asked,     ///< None was possible a moment ago: the sender has a rest.
  };
  Outcome outcome = Outcome::taken;
  std::string answer{};  ///< Why not; empty if taken.
};

/// Asks the sender, one notification after the other, and leaves it alone for a while when it is out of
/// reach: each attempt may then take as long as a timeout.
///
/// Threads: hand_over() and hurry() as Sender's; the rest is safe.
class Courier {
 public:
  Courier(std::shared_ptr<Sender> sender, banyan::Duration rest);

  /// Errors: unavailable "notifications.unreachable" once it is to hurry: the notification stays where it is.
  banyan::Result<Handover> hand_over(const SendNotification& notification, banyan::Instant now);
  /// The process is to end: what the sender does not take now is not its fault.
  void hurry() noexcept;

  /// It is left alone.
  bool is_resting(banyan::Instant now) const noexcept;
  /// It has answered when it was asked last. False before the first time.
  bool is_in_reach() const noexcept { return is_in_reach_; }

 private:
  const std::shared_ptr<Sender> sender_;
  const banyan::Duration rest_;
  std::string answer_;  // why it rests
  std::atomic<banyan::Instant> rest_until_ = banyan::Instant{};
  std::atomic<bool> is_in_reach_ = false;
  std::atomic<bool> is_hurried_ = false;
};

}  // namespace shop::notifications
