#include "wire.hpp"

#include <utility>

#include "passage.hpp"

namespace banyan::testing {

// A subscriber that comes back says itself where it is.
void Wire::to_subscriber(delivery::Subscriber* subscriber) {
  subscriber_ = subscriber;
  position_.reset();
  under_way_.clear();
}

void Wire::to_publisher(delivery::Publisher* publisher) {
  publisher_ = publisher;
  if (publisher_ != nullptr && position_) publisher_->resume(subscriber_name_, *position_);
}

void Wire::deliver(delivery::Batch batch) {
  if (subscriber_ == nullptr) return;
  note(batch);
  if (passage_ == Passage::direct) return subscriber_->deliver(std::move(batch));
  subscriber_->deliver(through_bytes(batch));
  subscriber_->deliver(through_bytes(batch));
}

void Wire::resume(const std::string& subscriber, const delivery::Position& position) {
  if (subscriber_ == nullptr) return;
  subscriber_name_ = subscriber;
  position_ = position;
  under_way_.clear();
  if (publisher_ != nullptr) publisher_->resume(subscriber, position);
}

void Wire::confirm(const std::string& subscriber, std::uint64_t seq) {
  if (subscriber_ == nullptr) return;
  if (const auto confirmed = under_way_.find(seq); confirmed != under_way_.end()) {
    position_ = confirmed->second;
    under_way_.erase(under_way_.begin(), std::next(confirmed));
  }
  if (publisher_ != nullptr) publisher_->confirm(subscriber, seq);
}

delivery::Batch Wire::through_bytes(const delivery::Batch& batch) const {
  delivery::Batch copy = batch;
  for (delivery::Delivery& delivery : copy.deliveries) {
    delivery.parcel = testing::through_bytes(*delivery.parcel, registry_);
  }
  return copy;
}

void Wire::note(const delivery::Batch& batch) {
  for (const delivery::Delivery& delivery : batch.deliveries) {
    under_way_[delivery.seq] = {.epoch = batch.epoch, .seq = delivery.seq, .hash = delivery.hash};
  }
}

}  // namespace banyan::testing
