#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "banyan/testing/world.hpp"
#include "shop/inventory/messages.hpp"
#include "shop/inventory/module.hpp"

/// The inventory module in a world of its own, and short ways to ask it.
namespace shop::inventory {

inline banyan::Uuid id(std::uint8_t number) {
  banyan::Uuid made;
  made.bytes.back() = std::byte{number};
  return made;
}

inline AddProduct article(std::string sku, std::int64_t stock) {
  return {.sku = sku,
          .name = "Name of " + sku,
          .description = std::nullopt,
          .category = "Beverages",
          .unit_price = {1800, "USD"},
          .initial_stock = stock};
}

template <class T>
void check_refused(const banyan::Result<T>& outcome, const banyan::Reason& reason) {
  BOOST_REQUIRE(!outcome.ok());
  BOOST_TEST(outcome.error().reason() == reason.name);
  BOOST_CHECK(outcome.error().code() == reason.code);
}

/// Stock of a product in one line, as checks print it.
inline std::string stock_of(const Product& product) {
  return std::to_string(product.available) + " available, " + std::to_string(product.reserved) +
         " reserved, " + std::to_string(product.sold) + " sold";
}

/// The messages that others get from inventory.
struct Heard {
  std::vector<ProductAdded> added;
  std::vector<StockRestocked> restocked;
  std::vector<StockReleased> released;
};

inline banyan::module::Module listener(Heard& heard) {
  return banyan::module::Module{"listener", {}}
      .on<ProductAdded>([&heard](banyan::Tx&, const ProductAdded& event, const banyan::Context&) {
        heard.added.push_back(event);
        return banyan::success();
      })
      .on<StockRestocked>([&heard](banyan::Tx&, const StockRestocked& event, const banyan::Context&) {
        heard.restocked.push_back(event);
        return banyan::success();
      })
      .on<StockReleased>([&heard](banyan::Tx&, const StockReleased& event, const banyan::Context&) {
        heard.released.push_back(event);
        return banyan::success();
      });
}

}  // namespace shop::inventory
