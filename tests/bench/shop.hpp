#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "process.hpp"
#include "shop/orders/messages.hpp"

namespace banyan::bench {

/// Hears of every confirmed order, as a module that listens to orders would.
class ConfirmedOrders final : public delivery::Subscriber {
 public:
  static constexpr const char* name = "bench";

  void listen(delivery::Publisher& orders);
  /// Called for each, on the relay's thread. Set while nothing is under way.
  void tell(std::function<void()> listener) { listener_ = std::move(listener); }
  void deliver(delivery::Batch batch) override;

 private:
  delivery::Publisher* orders_ = nullptr;
  std::function<void()> listener_ = [] {};
  std::uint64_t seen_ = 0;
};

/// The six modules of the shop in one process, linked each to each as a host does it, with a customer and a
/// catalogue whose stock does not run out. Mail is taken and not sent.
class Shop {
 public:
  static constexpr std::size_t product_count = 77;

  Shop();
  ~Shop();

  /// An order of two lines, with an idempotency key of its own. Ends the process if it is not accepted.
  void place(std::size_t number);
  ConfirmedOrders& confirmed() noexcept { return confirmed_; }

  /// Places orders and waits until they are confirmed. `in_flight`: placed, but not confirmed.
  void check_out(std::size_t count, std::size_t in_flight);

  /// Stops the modules. Their stores stay.
  void close();
  std::string directory_of(const std::string& module) const { return process_.directory_of(module); }

 private:
  using Instances = std::map<std::string, std::unique_ptr<module::Instance>>;

  void open();
  void link();
  void fill_catalogue();
  void register_customer();
  template <message::Message C>
  typename C::Answer call(C command);

  Process process_;
  ConfirmedOrders confirmed_;
  Instances instances_;
  Uuid customer_id_;
  std::vector<Uuid> product_ids_;
};

}  // namespace banyan::bench
