#pragma once
#include <cstdint>
#include <future>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "acceptance/check.hpp"
#include "environment.hpp"

namespace fault {

/// Every module in a process of its own.
inline const acceptance::Split all_apart = "users,inventory,orders,payments,shipping,notifications";

/// How long something stays away: $FAULT_PAUSE in seconds, or `otherwise`.
std::chrono::seconds length_of_pause(std::chrono::seconds otherwise);

/// The services to break, each in its turn: `one`, or if $FAULT_ALL_SERVICES is 1 all that take part in every
/// order.
std::vector<std::string> services_or(const char* one);

/// The stream's first orders only.
acceptance::Stream first_orders(const acceptance::Stream& stream, std::size_t count);

/// How the orders of a stream come.
enum class Load : std::uint8_t {
  at_once,    ///< 64 in flight, with stock for all of them.
  one_by_one  ///< Each after the one before has ended, until the stock runs out.
};

/// The split shop under load: all orders of a stream, placed by clients that repeat what was not answered.
/// The test breaks something meanwhile, and at the end the books must be right.
///
/// Threads: one.
class Trial {
 public:
  explicit Trial(acceptance::Stream stream, Load load = Load::at_once,
                 acceptance::ShopProcess::Environment environment = {},
                 std::vector<std::string> options = {});

  acceptance::ShopProcess& shop() { return shop_; }
  /// Begins to place the orders.
  void begin();
  /// Waits until so many orders are settled, or all are.
  void wait_until_settled(int orders);
  int settled() const { return replay_->settled(); }
  int orders() const { return static_cast<int>(stream_.orders.size()); }
  bool is_busy();

  /// The sum of a counter of the processes, since each was started.
  std::int64_t counted(const std::string& metric);
  /// Sends a signal to a process of the shop.
  void signal(const std::string& name, int number);
  /// Waits until all is settled.
  void finish();
  /// The same, if need be; then each order is in its one final state, money and units add up, every
  /// message was handled once by everyone whom it is for, and the stores are sound. The shop is stopped.
  void audit();

 private:
  acceptance::Stream stream_;
  const Load load_;
  const acceptance::Units supply_;
  acceptance::ShopProcess shop_;
  std::unique_ptr<acceptance::Replay> replay_;
  std::future<void> work_;
};

}  // namespace fault
