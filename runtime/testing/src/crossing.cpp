#include "crossing.hpp"

#include <algorithm>
#include <utility>

namespace banyan::testing {

void Crossing::open_producer(delivery::Publisher& relay, delivery::Subscriber& sender) {
  const std::lock_guard lock{mutex_};
  relay_ = &relay;
  sender_ = &sender;
  is_resuming_ = true;
  sent_ = heard_ = 0;
}

void Crossing::open_subscriber(delivery::Subscriber& writer, delivery::Publisher& feed) {
  const std::lock_guard lock{mutex_};
  writer_ = &writer;
  feed_ = &feed;
  is_resuming_ = true;
  arrived_ = told_ = 0;
}

void Crossing::close_producer() {
  const std::lock_guard lock{mutex_};
  relay_ = nullptr;
  sender_ = nullptr;
}

void Crossing::close_subscriber() {
  const std::lock_guard lock{mutex_};
  writer_ = nullptr;
  feed_ = nullptr;
}

bool Crossing::is_at_rest() const {
  const std::lock_guard lock{mutex_};
  if (relay_ == nullptr || writer_ == nullptr) return true;
  return !is_resuming_ && arrived_ >= sent_ && heard_ >= told_;
}

std::string Crossing::describe() const {
  const std::lock_guard lock{mutex_};
  return std::string{is_resuming_ ? "resuming, " : ""} + "sent " + std::to_string(sent_) + ", arrived " +
         std::to_string(arrived_) + ", told " + std::to_string(told_) + ", heard " + std::to_string(heard_);
}

void Crossing::deliver(delivery::Batch batch) {
  const std::lock_guard lock{mutex_};
  if (sender_ == nullptr) return;
  sent_ = std::max(sent_, batch.deliveries.back().seq);
  sender_->deliver(std::move(batch));
}

// The subscriber has not kept the rows after the position.
void Crossing::resume(const std::string& subscriber, const delivery::Position& position) {
  const std::lock_guard lock{mutex_};
  if (feed_ == nullptr) return;
  is_resuming_ = true;
  arrived_ = told_ = position.seq;
  feed_->resume(subscriber, position);
}

void Crossing::confirm(const std::string& subscriber, std::uint64_t seq) {
  const std::lock_guard lock{mutex_};
  if (feed_ == nullptr) return;
  told_ = seq;
  arrived_ = std::max(arrived_, seq);
  feed_->confirm(subscriber, seq);
}

// As it is, and not as it is known at the subscriber's end, which takes real time.
bool Crossing::is_flowing(const std::string&) const {
  const std::lock_guard lock{mutex_};
  return relay_ != nullptr && feed_ != nullptr;
}

const message::Descriptor* Crossing::find_type(std::string_view name) const {
  const std::lock_guard lock{mutex_};
  return feed_ == nullptr ? nullptr : feed_->find_type(name);
}

void Crossing::arrived(delivery::Batch batch) {
  const std::lock_guard lock{mutex_};
  if (writer_ == nullptr) return;
  arrived_ = std::max(arrived_, batch.deliveries.back().seq);
  writer_->deliver(std::move(batch));
}

// Rows that were on their way when the writer went back did not fit its position any more.
void Crossing::asked_to_resume(const std::string& subscriber, const delivery::Position& position) {
  const std::lock_guard lock{mutex_};
  if (relay_ == nullptr) return;
  if (std::exchange(is_resuming_, false)) arrived_ = told_;
  heard_ = std::max(heard_, position.seq);
  relay_->resume(subscriber, position);
}

void Crossing::confirmed(const std::string& subscriber, std::uint64_t seq) {
  const std::lock_guard lock{mutex_};
  if (relay_ == nullptr) return;
  heard_ = std::max(heard_, seq);
  relay_->confirm(subscriber, seq);
}

}  // namespace banyan::testing
