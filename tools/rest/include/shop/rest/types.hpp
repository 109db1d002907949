#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "banyan/base/clock.hpp"
#include "banyan/base/money.hpp"

/// The documents of the shop's REST API, written down by hand from its OpenAPI documents: a client that
/// shares nothing with the server it talks to. Ids are opaque text.
namespace shop::rest {

using banyan::Money;

/// The client's own name for one operation that it means; a repeat under the same key is the same operation.
struct IdempotencyKey {
  std::string value;
};

struct Address {
  std::optional<std::string> name = {};  ///< The receiver; only where an order goes.
  std::string street;
  std::string city;
  std::optional<std::string> region = {};
  std::optional<std::string> postal_code = {};
  std::string country;
};

struct NewCustomer {
  std::string name;
  std::string email;
  std::optional<std::string> phone = {};
  std::optional<Address> address = {};
};

struct Customer {
  std::string customer_id;
  std::string email;
};

struct NewProduct {
  std::string sku;
  std::string name;
  std::optional<std::string> description = {};
  std::string category;
  Money unit_price;
  std::int64_t initial_stock = 0;
};

struct Product {
  std::string product_id;
  std::string sku;
  std::string name;
  Money unit_price;
  std::int64_t available = 0;
  std::int64_t reserved = 0;
  std::int64_t sold = 0;
};

struct OrderLine {
  std::string product_id;
  std::int64_t quantity = 1;
  std::int64_t discount_percent = 0;
  std::optional<Money> unit_price = {};  ///< The catalogue's if left out.
};

struct NewOrder {
  std::string customer_id;
  std::vector<OrderLine> lines = {};
  std::optional<Money> freight = {};
  Address ship_to;
  std::string payment_method;
  std::optional<std::string> carrier = {};
  std::optional<std::string> reference = {};
};

/// One entry of an order's history.
struct Step {
  banyan::Timestamp at;
  std::string step;
  std::string outcome;
  std::optional<std::string> detail = {};
};

struct Order {
  std::string order_id;
  std::string status;
  std::optional<std::string> reference = {};
  std::optional<Money> total = {};
  std::optional<std::string> cancel_code = {};
  std::vector<Step> history = {};  ///< Empty in a list of orders.

  /// Nothing more happens to it unless somebody asks for it.
  bool is_settled() const { return status != "placed" && status != "cancelling"; }
};

struct Reservation {
  std::string order_id;
  std::string state;
};

struct Payment {
  std::string order_id;
  std::string state;
  Money amount;
  Money refunded;
};

struct Invoice {
  std::int64_t number = 0;
  std::string order_id;
  Money total;
};

struct Shipment {
  std::string order_id;
  std::string state;
  std::string carrier;
  std::int64_t units = 0;
};

struct Notification {
  std::optional<std::string> order_id = {};
  std::string template_name;
  std::string state;
};

/// The health of a module, as its process tells it.
struct ModuleHealth {
  std::string module;
  std::string status;
  std::int64_t outbox_depth = 0;  ///< Messages that a subscriber has yet to confirm.
  std::int64_t parked = 0;
  std::int64_t dead_letters = 0;
};

}  // namespace shop::rest
