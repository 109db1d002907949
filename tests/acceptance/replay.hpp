#pragma once
#include <atomic>
#include <chrono>
#include <functional>

#include "northwind.hpp"
#include "shop/rest/shop.hpp"

namespace acceptance {

/// Sends a stream through the shop's API, by default as clients do that never give up: what was not answered
/// is sent again under its Idempotency-Key, wherever the shop then is. Failures are thrown.
///
/// Threads: one; settled() from any.
class Replay {
 public:
  /// Where the shop is now, which changes when it is started again.
  struct Places {
    std::function<shop::rest::Endpoint()> shop;
    std::function<std::vector<shop::rest::Endpoint>()> processes;  ///< Which tell how their modules do.
  };

  /// The end of an order.
  struct Placed {
    std::string order_id;
    shop::rest::Order order;
  };

  struct Options {
    int attempts_max = 10'000;  ///< How often a request is sent at most.
    /// How long an order may take, and how long messages may be under way.
    std::chrono::milliseconds patience = std::chrono::minutes{2};
    /// Hears the Idempotency-Key of each request that was answered, and the id in the answer, before anything
    /// else is sent on the same connection.
    std::function<void(const std::string& key, const std::string& id)> on_answer = [](const auto&,
                                                                                      const auto&) {};
  };

  Replay(const Stream& stream, Places places) : Replay(stream, std::move(places), Options{}) {}
  Replay(const Stream& stream, Places places, Options options);

  /// Customers, and products with the stock that the stream gives; until all modules know of them.
  void load();
  void restock(const Units& units);
  /// All orders in their order, that many at a time, each until it is settled.
  void place_orders(int in_flight);
  /// The same, but no further one once `is_over`: the first settled() orders of the stream are placed then.
  void place_orders(int in_flight, const std::atomic<bool>& is_over);
  /// Orders that are settled so far.
  int settled() const { return settled_; }
  /// As the stream's orders.
  const std::vector<Placed>& placed() const { return placed_; }
  /// Sends every order once more under its key; the answers' order ids.
  std::vector<std::string> repeat_orders();
  /// Waits until no message is under way between modules.
  void come_to_rest();

  /// By the ids of the stream.
  const std::map<std::string, std::string>& customer_ids() const { return customer_ids_; }
  shop::rest::Shop connect() const;
  /// How all modules do; nothing if a process does not tell.
  std::optional<std::vector<shop::rest::ModuleHealth>> health() const;

 private:
  shop::rest::NewOrder order_request(const Stream::Order& order) const;
  std::string answered(banyan::Result<std::string> id, const std::string& key) const;
  void place_from(std::atomic<std::size_t>& next, const std::atomic<bool>& is_over);

  const Stream& stream_;
  Places places_;
  const Options options_;
  shop::rest::Shop shop_;
  std::map<std::string, std::string> customer_ids_;
  std::map<std::int64_t, std::string> product_ids_;
  std::vector<Placed> placed_;
  std::atomic<int> settled_ = 0;
};

}  // namespace acceptance
