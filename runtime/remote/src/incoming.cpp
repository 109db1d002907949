#include "incoming.hpp"

#include <algorithm>
#include <utility>

namespace banyan::remote {

// The writer may go back: what was handed over since, it has not kept. It will come again, so nothing waits
// for that to be acknowledged.
void Incoming::resume(const delivery::Position& position) {
  is_started_ = true;
  confirmed_ = feed_ = position;
  batch_ = {};
  for (Held& held : held_) {
    if (held.seq > position.seq) held.seq = 0;
  }
  wish_to_resume();
  tick();
}

void Incoming::confirm(std::uint64_t seq) {
  if (seq <= confirmed_.seq) return;
  while (!handed_.empty() && handed_.front().seq <= seq) {
    confirmed_ = {.epoch = handed_epoch_, .seq = handed_.front().seq, .hash = handed_.front().hash};
    handed_.pop_front();
    ++unreported_;
  }
  if (feed_.seq < confirmed_.seq) feed_ = confirmed_;  // it went back, and then kept what it had already
  acknowledge();
  const Instant now = clock_.now();
  report_due_ = std::min(report_due_, now + options_.report_delay);
  if (unreported_ >= options_.report_rows || now >= report_due_) report(false);
}

void Incoming::connected() {
  if (!is_started_) return;
  resume_due_ = report_due_ = clock_.now();
  tick();
}

// With the next tick: however often it is asked, it does not report more often than that.
void Incoming::invited() {
  if (is_started_) resume_due_ = report_due_ = clock_.now();
}

void Incoming::arrived(Place place, Decoded message) {
  const std::uint64_t seq = message.delivery.seq;
  const bool is_repeat = seq <= feed_.seq && message.epoch == feed_.epoch;
  const bool is_next = !is_repeat && follows(message);
  hold(std::move(place), is_next || is_repeat ? seq : 0);
  if (is_next) return accept(std::move(message));
  metrics_.dropped.add();
  if (feed_.seq > 0 && message.epoch != feed_.epoch) {
    metrics_.alarms.add();
    other_log_ = message.epoch;
    other_at_ = clock_.now();
  }
  if (!is_repeat) wish_to_resume();
}

void Incoming::refused(Place place) {
  metrics_.alarms.add();
  hold(std::move(place), 0);
}

void Incoming::incomplete(Place place) {
  metrics_.dropped.add();
  hold(std::move(place), 0);
}

void Incoming::missed() { wish_to_resume(); }

void Incoming::paused() {
  hand_over();
  acknowledge();
}

void Incoming::heard(std::uint64_t wish) {
  heard_at_ = clock_.now();
  if (wish == wish_) is_wishing_ = false;
}

void Incoming::tick() {
  const Instant now = clock_.now();
  if (is_wishing_ && now >= resume_due_) return report(true);
  if (now >= report_due_) report(false);
}

std::optional<Uuid> Incoming::other_log() const {
  constexpr Duration memory = std::chrono::seconds{10};
  const bool is_recent = other_at_ && clock_.now() - *other_at_ < memory;
  return is_recent ? std::optional{other_log_} : std::nullopt;
}

void Incoming::flush() {
  if (unreported_ > 0) report(false);
}

bool Incoming::is_flowing() const {
  return !is_wishing_ && !other_log() && clock_.now() - heard_at_ < options_.silence_max;
}

LinkHealth Incoming::describe() const {
  return {.producer = producer_,
          .subscriber = subscriber_,
          .is_flowing = is_flowing(),
          .passed = feed_.seq,
          .confirmed = confirmed_.seq,
          .heard_at = heard_at_,
          .second_log = other_log()};
}

// A second copy of what is held already changes nothing. A consumer that counts from the beginning again was
// made anew, and with it perhaps its stream: what it had given out before can't be acknowledged any more.
void Incoming::hold(Place place, std::uint64_t seq) {
  if (place.consumer_sequence <= consumer_sequence_) held_.clear();
  consumer_sequence_ = place.consumer_sequence;
  const bool is_held = !held_.empty() && place.stream_sequence >= held_.front().place.stream_sequence &&
                       place.stream_sequence <= held_.back().place.stream_sequence;
  if (!is_held) held_.push_back({std::move(place), seq});
}

bool Incoming::follows(const Decoded& message) const {
  const bool is_same_log = feed_.epoch.is_nil() || message.epoch == feed_.epoch;
  return is_same_log && message.after <= feed_.seq;
}

void Incoming::accept(Decoded message) {
  const std::uint64_t seq = message.delivery.seq;
  if (batch_.deliveries.empty()) {
    batch_ = {.producer = producer_, .epoch = message.epoch, .after = feed_.seq};
  }
  if (std::exchange(handed_epoch_, message.epoch) != message.epoch) handed_.clear();
  feed_.epoch = message.epoch;
  feed_.seq = seq;
  is_wishing_ = false;
  metrics_.received.add();
  note_handed(seq, message.delivery.hash);
  batch_.deliveries.push_back(std::move(message.delivery));
  if (batch_.deliveries.size() >= options_.batch_max) hand_over();
}

// After the writer rolled back, a row may already be in the list, or belong before its end.
void Incoming::note_handed(std::uint64_t seq, const delivery::ChainHash& hash) {
  const auto at = std::ranges::lower_bound(handed_, seq, {}, &Handed::seq);
  if (at == handed_.end() || at->seq != seq) handed_.insert(at, {seq, hash});
}

void Incoming::hand_over() {
  if (!batch_.deliveries.empty()) port_.deliver(std::exchange(batch_, {}));
}

void Incoming::acknowledge() {
  std::uint64_t highest = 0;
  std::string reply;
  while (!held_.empty() && held_.front().seq <= confirmed_.seq) {
    Place& place = held_.front().place;
    if (place.stream_sequence > highest) {
      highest = place.stream_sequence;
      reply = std::move(place.reply);
    }
    held_.pop_front();
  }
  if (highest > 0) port_.acknowledge(reply);
}

void Incoming::wish_to_resume() {
  ++wish_;
  is_wishing_ = true;
}

void Incoming::report(bool resume) {
  const Instant now = clock_.now();
  unreported_ = 0;
  report_due_ = now + options_.report_period;
  if (resume) resume_due_ = now + options_.resume_period;
  port_.report({.position = confirmed_, .received = feed_.seq, .resume = resume, .log = options_.log},
               resume ? wish_ : 0);
}

}  // namespace banyan::remote
