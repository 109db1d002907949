#pragma once
#include "northwind.hpp"

namespace acceptance {

/// Where a product's units are.
struct Stock {
  std::int64_t available = 0;
  std::int64_t sold = 0;
};

/// How an order must end.
struct Outcome {
  std::string cancel_code = {};  ///< Empty: it is confirmed.
  std::int64_t total_cents = 0;
  std::int64_t units = 0;

  bool is_confirmed() const { return cancel_code.empty(); }
};

inline constexpr const char* out_of_stock = "inventory.out_of_stock";
inline constexpr const char* card_declined = "payments.card_declined";

/// The right result, counted without the shop: one order after the other, each takes all that it asks for or
/// nothing, and nothing if it is not paid for.
struct Count {
  std::vector<Outcome> outcomes;  ///< As Stream::orders.
  std::map<std::int64_t, Stock> stock;

  std::int64_t confirmed() const;
  /// Of the confirmed orders.
  std::int64_t cents() const;
  std::int64_t units() const;
};

/// Counts the stream's orders, each product's stock raised by `restocked` first.
Count count(const Stream& stream, const Units& restocked = {});

/// The price of a line less its discount, half a cent to the even side.
std::int64_t line_cents(const Stream::Line& line);

}  // namespace acceptance
