#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "shop/rest/types.hpp"

namespace acceptance {

/// The stream of orders that the tests replay, as its files have it: what can be ordered, by whom, and the
/// orders in the order of their ids. Money is in US cents.
struct Stream {
  struct Customer {
    std::string id;
    std::string company;
    shop::rest::Address address;  ///< Members that the files don't have are empty.
    std::string phone;
  };
  struct Product {
    std::int64_t id = 0;
    std::string name;
    std::string category;
    std::string quantity_per_unit;
    std::int64_t unit_price_cents = 0;
    std::int64_t units_in_stock = 0;
  };
  struct Line {
    std::int64_t product_id = 0;
    std::int64_t unit_price_cents = 0;
    std::int64_t quantity = 0;
    std::int64_t discount_percent = 0;
  };
  struct Order {
    std::int64_t id = 0;
    std::string customer_id;
    std::string carrier;  ///< "Federal Shipping"
    std::int64_t freight_cents = 0;
    shop::rest::Address ship_to;
    std::vector<Line> lines;
    std::string payment_method = "tok_visa";
  };

  std::vector<Customer> customers;
  std::vector<Product> products;
  std::vector<Order> orders;
};

/// Units by product id.
using Units = std::map<std::int64_t, std::int64_t>;

/// The demand of all orders together.
Units demand_of(const Stream& stream);

/// The Northwind data, from the folder $BANYAN_NORTHWIND or shared/data/northwind beside the checkout;
/// nothing if it is not there. Throws std::runtime_error if it can't be read.
std::optional<Stream> read_northwind();

}  // namespace acceptance
