#include "owner_watch.hpp"

#include <utility>

namespace banyan::host {
namespace {

using State = OwnerCard::State;

/// So many tellings in a row may be lost before a process counts as gone.
constexpr int periods_of_silence = 3;

}  // namespace

void OwnerWatch::connected() {
  is_connected_ = true;
  if (is_decided()) return tell();
  settled_at_.reset();
  ask();
}

void OwnerWatch::disconnected() {
  is_connected_ = false;
  settled_at_.reset();
  ask_at_.reset();
}

void OwnerWatch::asked() { tell(); }

void OwnerWatch::heard(const OwnerCard& card) {
  if (card.process == self_.process) return;
  if (is_decided()) return meet(card);
  if (card.state == State::yielded) return;
  const bool gives_way = settled_at_ && !precedes(card, self_);
  return gives_way ? tell() : wait_for(card);
}

void OwnerWatch::nobody_serves(std::uint64_t question) {
  if (is_open(question)) settle();
}

// It may stand still, or be gone without the broker knowing it yet. If it comes back, it is heard.
void OwnerWatch::nobody_answered(std::uint64_t question) {
  if (!is_open(question)) return;
  if (has_lost_patience()) return settle();
  ask_at_ = clock_.now() + options_.pause;
}

void OwnerWatch::tick() {
  const Instant now = clock_.now();
  if (ask_at_ && now >= *ask_at_) ask();
  if (settled_at_ && now >= *settled_at_) {
    settled_at_.reset();
    self_.state = State::serving;
    other_.reset();
    tell();
    port_.admit();
  }
  if (is_decided() && now >= tell_at_) tell();
  const bool is_gone = other_ && now - heard_at_ > periods_of_silence * options_.period;
  if (self_.state == State::serving && is_gone) {
    other_.reset();
    port_.all_clear();
  }
}

void OwnerWatch::ask() {
  if (!is_connected_) return;
  ask_at_.reset();
  if (!began_at_) began_at_ = clock_.now();
  port_.ask(++question_);
}

void OwnerWatch::settle() {
  settled_at_ = clock_.now() + options_.settle;
  if (!std::exchange(is_listening_, true)) port_.listen();
  tell();
}

void OwnerWatch::wait_for(const OwnerCard& other) {
  other_ = other;
  settled_at_.reset();
  if (has_lost_patience()) return yield(other);
  if (!ask_at_) ask_at_ = clock_.now() + options_.pause;
}

// One that never has served may be about to end: it is told only if it stays.
void OwnerWatch::yield(const OwnerCard& other) {
  const bool has_served = std::exchange(self_.state, State::yielded) == State::serving;
  ask_at_.reset();
  other_ = other;
  tell_at_ = clock_.now() + options_.period;
  if (has_served) tell();
  port_.yield(other);
}

// Among those that are decided. One that only waits is told, and goes.
void OwnerWatch::meet(const OwnerCard& card) {
  if (self_.state == State::yielded) return;
  if (card.state == State::waiting) return tell();
  if (card.state == State::serving && precedes(card, self_)) return yield(card);
  const bool is_news = !other_ || other_->process != card.process || other_->state != card.state;
  other_ = card;
  heard_at_ = clock_.now();
  if (!is_news) return;
  tell();
  port_.alarm(card);
}

void OwnerWatch::tell() {
  tell_at_ = clock_.now() + options_.period;
  if (is_connected_) port_.tell(self_);
}

// Its answer still matters.
bool OwnerWatch::is_open(std::uint64_t question) const {
  return is_connected_ && question == question_ && !ask_at_ && !settled_at_ && !is_decided();
}

bool OwnerWatch::has_lost_patience() const {
  return began_at_ && clock_.now() - *began_at_ >= options_.patience;
}

}  // namespace banyan::host
