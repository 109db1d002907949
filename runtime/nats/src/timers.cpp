#include "timers.hpp"

namespace banyan::nats {

Timers::Key Timers::add(Instant due, std::function<void()> call) {
  const Key key{due, ++last_};
  calls_.emplace(key, std::move(call));
  if (due < wakes_up_at_) wake_up_at(due);
  return key;
}

void Timers::clear() {
  calls_.clear();
  wake_up_.cancel();
}

void Timers::wake_up_at(Instant due) {
  wakes_up_at_ = due;
  wake_up_.expires_after(due - now());
  wake_up_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled) call_due();
  });
}

void Timers::call_due() {
  wakes_up_at_ = no_deadline;
  while (!calls_.empty() && calls_.begin()->first.first <= now()) {
    const auto call = std::move(calls_.extract(calls_.begin()).mapped());
    call();
  }
  if (!calls_.empty() && calls_.begin()->first.first < wakes_up_at_) wake_up_at(calls_.begin()->first.first);
}

}  // namespace banyan::nats
