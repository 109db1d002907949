#include "courier.hpp"

#include <utility>

#include "sending.hpp"

namespace shop::notifications {

using enum Handover::Outcome;

Courier::Courier(std::shared_ptr<Sender> sender, banyan::Duration rest)
    : sender_(std::move(sender)), rest_(rest) {
  BANYAN_ASSERT(sender_ != nullptr);
}

banyan::Result<Handover> Courier::hand_over(const SendNotification& notification, banyan::Instant now) {
  if (is_resting(now)) return Handover{not_asked, answer_};
  const banyan::Status sent = sender_->send(notification);
  if (sent.ok()) {
    is_in_reach_ = true;
    return Handover{};
  }
  const banyan::Error& error = sent.error();
  if (error == undeliverable({})) return Handover{refused, error.detail()};
  if (is_hurried_) return unreachable("the process ends: " + error.detail());
  is_in_reach_ = !(error == unreachable({}));
  if (is_in_reach_) return Handover{put_off, error.detail()};
  rest_until_ = now + rest_;
  answer_ = error.detail();
  return Handover{out_of_reach, answer_};
}

void Courier::hurry() noexcept {
  is_hurried_ = true;
  sender_->hurry();
}

bool Courier::is_resting(banyan::Instant now) const noexcept { return now < rest_until_.load(); }

}  // namespace shop::notifications
