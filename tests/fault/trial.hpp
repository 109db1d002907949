#pragma once
#include <cstdint>
#include <future>
#include <memory>
#include <random>
#include <string>

#include "acceptance/check.hpp"

namespace fault {

/// Every module in a process of its own.
inline const acceptance::Split all_apart = "users,inventory,orders,payments,shipping,notifications";

/// $name, or `otherwise`.
std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise);

/// The stream's first orders only.
acceptance::Stream first_orders(const acceptance::Stream& stream, std::size_t count);

/// The split shop under load: all orders of a stream, for which the stock suffices, placed by clients that
/// repeat what was not answered. The test breaks something meanwhile, and at the end the books must be right.
///
/// Threads: one.
class Trial {
 public:
  explicit Trial(acceptance::Stream stream, acceptance::ShopProcess::Environment environment = {});

  acceptance::ShopProcess& shop() { return shop_; }
  /// Begins to place the orders, 64 at a time.
  void begin();
  /// Waits until so many orders are settled, or all are.
  void wait_until_settled(int orders);
  int settled() const { return replay_->settled(); }
  int orders() const { return static_cast<int>(stream_.orders.size()); }
  bool is_busy();

  /// Sends a signal to a process of the shop.
  void signal(const std::string& name, int number);
  /// Waits until all is settled; then each order is in its one final state, money and units add up, every
  /// message was handled once by everyone whom it is for, and the stores are sound. The shop is stopped.
  void audit();

 private:
  acceptance::Stream stream_;
  acceptance::Units supply_;
  acceptance::ShopProcess shop_;
  std::unique_ptr<acceptance::Replay> replay_;
  std::future<void> work_;
};

}  // namespace fault
