#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "banyan/base/result.hpp"
#include "shop/rest/types.hpp"

namespace shop::rest {

struct Endpoint {
  std::string address = "127.0.0.1";  ///< Numeric.
  std::uint16_t port = 8080;
};

/// Reads "http://127.0.0.1:8080", with or without a slash at the end.
/// Errors: invalid_argument "rest.bad_url".
banyan::Result<Endpoint> parse_url(std::string_view url);

/// The shop as a client sees it, over one connection. Blocks. Threads: one.
///
/// Errors of every call: a problem+json answer has its `code` without "BNY-" as reason
/// ("orders.unknown_order"), and a code by its status: 400 invalid_argument, 404 not_found, 409 and 412
/// conflict, 422 rejected, 429 and 503 unavailable, 504 deadline_exceeded, others internal. No answer: the
/// errors of http::Client. An answer that is not what the API says: data_loss "rest.bad_answer".
class Shop {
 public:
  struct Options {
    /// Requests without an answer (nobody listens, the connection broke, 503, the first of two requests with
    /// one key still under way) are sent again, POSTs under their key, up to this many times in all.
    int attempts_max = 1;
    std::chrono::milliseconds retry_delay{20};
    std::chrono::milliseconds answer_timeout{10'000};
    /// Of every POST besides its own: traceparent where what the client does is a span of its own.
    std::vector<std::pair<std::string, std::string>> headers = {};
  };

  explicit Shop(Endpoint endpoint, Options options);
  /// `where` is asked before each attempt: a server that starts anew may listen elsewhere.
  explicit Shop(std::function<Endpoint()> where, Options options);
  ~Shop();
  Shop(Shop&&) noexcept;
  Shop& operator=(Shop&&) noexcept;

  /// The new customer's id; likewise below.
  banyan::Result<std::string> register_customer(const NewCustomer& customer, const IdempotencyKey& key);
  banyan::Result<std::string> add_product(const NewProduct& product, const IdempotencyKey& key);
  banyan::Result<Product> restock(const std::string& product_id, std::int64_t quantity,
                                  const IdempotencyKey& key);
  banyan::Result<std::string> place_order(const NewOrder& order, const IdempotencyKey& key);
  banyan::Status cancel_order(const std::string& order_id, const std::string& reason,
                              const IdempotencyKey& key);

  banyan::Result<Order> order(const std::string& order_id);
  /// Reads the order until it is settled. Errors: deadline_exceeded "rest.not_settled".
  banyan::Result<Order> settled_order(const std::string& order_id, std::chrono::milliseconds patience);
  banyan::Result<Product> product(const std::string& product_id);
  banyan::Result<Reservation> reservation(const std::string& order_id);
  /// The one payment of an order, if it has one.
  banyan::Result<std::optional<Payment>> payment_of(const std::string& order_id);

  /// Lists, all their pages.
  banyan::Result<std::vector<Customer>> customers();
  banyan::Result<std::vector<Product>> products();
  banyan::Result<std::vector<Order>> orders_of(const std::string& customer_id);
  banyan::Result<std::vector<Payment>> payments();
  banyan::Result<std::vector<Invoice>> invoices();
  banyan::Result<std::vector<Shipment>> shipments();
  banyan::Result<std::vector<Notification>> notifications();

  banyan::Result<std::vector<ModuleHealth>> health();

 private:
  class Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace shop::rest
