#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "banyan/base/clock.hpp"

namespace banyan::nats {

/// Calls that are due later. All on the loop.
class Timers {
 public:
  using Key = std::pair<Instant, std::uint64_t>;

  Timers(boost::asio::io_context& loop, const Clock& clock) : clock_(clock), wake_up_(loop) {}

  Instant now() const { return clock_.now(); }
  Key add(Instant due, std::function<void()> call);
  Key add_after(Duration delay, std::function<void()> call) { return add(now() + delay, std::move(call)); }
  /// Nothing happens if it was called already.
  void remove(const Key& key) { calls_.erase(key); }
  void clear();

 private:
  void wake_up_at(Instant due);
  void call_due();

  const Clock& clock_;
  boost::asio::steady_timer wake_up_;
  Instant wakes_up_at_ = no_deadline;
  std::map<Key, std::function<void()>> calls_;
  std::uint64_t last_ = 0;
};

}  // namespace banyan::nats
