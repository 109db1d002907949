#include "catalogue.hpp"

#include <algorithm>
#include <cstdio>

namespace shop::demo {
namespace {

rest::NewProduct product(const char* sku, const char* name, const char* description, const char* category,
                         std::int64_t cents, std::int64_t stock) {
  return {.sku = sku,
          .name = name,
          .description = description,
          .category = category,
          .unit_price = {cents, std::string{currency}},
          .initial_stock = stock};
}

rest::NewCustomer customer(const char* name, const char* email, const char* phone, const char* street,
                           const char* city, const char* postal_code, const char* country) {
  return {.name = name,
          .email = email,
          .phone = phone,
          .address =
              rest::Address{.street = street, .city = city, .postal_code = postal_code, .country = country}};
}

}  // namespace

std::span<const rest::NewProduct> sample_products() {
  static const rest::NewProduct products[] = {
      product("TEA-ASSAM-250", "Assam, second flush", "Malty black tea, 250 g", "Tea", 1290, 120),
      product("TEA-DARJEELING-100", "Darjeeling, first flush", "Light black tea, 100 g", "Tea", 1850, 40),
      product("TEA-SENCHA-100", "Sencha", "Steamed green tea, 100 g", "Tea", 1120, 80),
      product("TEA-ROOIBOS-250", "Rooibos", "Red bush, without caffeine, 250 g", "Tea", 790, 90),
      product("COFFEE-YIRGACHEFFE-500", "Yirgacheffe", "Whole beans, light roast, 500 g", "Coffee", 1690, 60),
      product("COFFEE-SIDAMO-500", "Sidamo", "Whole beans, medium roast, 500 g", "Coffee", 1590, 60),
      product("SPICE-CARDAMOM-50", "Green cardamom", "Whole pods, 50 g", "Spices", 640, 150),
      product("SPICE-CINNAMON-100", "Ceylon cinnamon", "Sticks, 100 g", "Spices", 580, 150),
      product("SPICE-SAFFRON-1", "Saffron", "Threads, 1 g", "Spices", 1190, 3),
      product("POT-CLAY-400", "Clay teapot", "Unglazed, 400 ml", "Ware", 4450, 15),
      product("POT-GLASS-1200", "Glass teapot", "With a steel strainer, 1.2 l", "Ware", 2990, 25),
      product("CUP-STONE-200", "Stoneware cup", "Grey glaze, 200 ml", "Ware", 950, 200),
  };
  return products;
}

std::span<const rest::NewCustomer> sample_customers() {
  static const rest::NewCustomer customers[] = {
      customer("Asha Menon", "asha.menon@example.com", "+49 30 5550101", "Lindenallee 4", "Berlin", "10115",
               "Germany"),
      customer("Jean Moreau", "jean.moreau@example.com", "+33 1 5550102", "12, rue du Port", "Nantes",
               "44000", "France"),
      customer("Ines Duarte", "ines.duarte@example.com", "+351 21 5550103", "Rua da Prata 88", "Lisboa",
               "1100-420", "Portugal"),
  };
  return customers;
}

namespace {

banyan::Result<int> add_missing_products(rest::Shop& shop) {
  const auto present = shop.products();
  if (!present.ok()) return present.error();
  int added = 0;
  for (const rest::NewProduct& product : sample_products()) {
    const auto is_it = [&](const rest::Product& other) { return other.sku == product.sku; };
    if (std::any_of(present.value().begin(), present.value().end(), is_it)) continue;
    const auto id = shop.add_product(product, {"sample-product-" + product.sku});
    if (!id.ok()) return id.error();
    ++added;
  }
  return added;
}

banyan::Result<int> add_missing_customers(rest::Shop& shop) {
  const auto present = shop.customers();
  if (!present.ok()) return present.error();
  int added = 0;
  for (const rest::NewCustomer& customer : sample_customers()) {
    const auto is_it = [&](const rest::Customer& other) { return other.email == customer.email; };
    if (std::any_of(present.value().begin(), present.value().end(), is_it)) continue;
    const auto id = shop.register_customer(customer, {"sample-customer-" + customer.email});
    if (!id.ok()) return id.error();
    ++added;
  }
  return added;
}

}  // namespace

banyan::Status seed(rest::Shop& shop) {
  const auto products = add_missing_products(shop);
  if (!products.ok()) return products.error();
  const auto customers = add_missing_customers(shop);
  if (!customers.ok()) return customers.error();
  if (products.value() + customers.value() > 0) {
    std::printf("added %d products and %d customers\n", products.value(), customers.value());
  }
  return banyan::success();
}

}  // namespace shop::demo
