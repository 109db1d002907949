#include "small_shop.hpp"

namespace acceptance {

Stream small_stream(int orders) {
  Stream stream;
  for (const char* id : {"ada", "bob", "cyd"}) {
    stream.customers.push_back({.id = id,
                                .company = id,
                                .address = {.street = "Main street 1", .city = "Here", .country = "Nowhere"},
                                .phone = ""});
  }
  for (int i = 1; i <= 4; ++i) {
    stream.products.push_back({.id = i,
                               .name = "Product " + std::to_string(i),
                               .category = "Things",
                               .quantity_per_unit = "1",
                               .unit_price_cents = 100 * i + 5,
                               .units_in_stock = orders * i});
  }
  for (int i = 0; i < orders; ++i) {
    Stream::Order order{
        .id = i,
        .customer_id = stream.customers[static_cast<std::size_t>(i) % 3].id,
        .carrier = "Standard",
        .freight_cents = 50 * i,
        .ship_to = {.name = "Ada", .street = "Side street 2", .city = "Here", .country = "Nowhere"},
        .lines = {}};
    order.lines.push_back({.product_id = i % 4 + 1,
                           .unit_price_cents = 105,
                           .quantity = i % 7 + 1,
                           .discount_percent = i % 20});
    order.lines.push_back({.product_id = (i + 1) % 4 + 1,
                           .unit_price_cents = 333,
                           .quantity = i % 5 + 4,
                           .discount_percent = 0});
    if (i % 4 == 1) order.payment_method = "tok_declined";
    stream.orders.push_back(std::move(order));
  }
  return stream;
}

}  // namespace acceptance
