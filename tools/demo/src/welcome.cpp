#include "welcome.hpp"

#include <cstdio>
#include <string_view>

#include "catalogue.hpp"

namespace shop::demo {
namespace {

constexpr std::string_view page_text = R"(
The shop is open; Ctrl-C closes it.

  products        <url>/v1/products
  search          <url>/v1/search/products?q=tea
  API             <url>/openapi.json
  health          <url>/health
  metrics         <url>/metrics
  modules         <modules>

Place an order, then see how it went under the Location of the answer:

curl -i <url>/v1/orders -H 'Content-Type: application/json' -H 'Idempotency-Key: my-first-order' -d '{
  "customer_id": "<customer>",
  "lines": [{"product_id": "<product>", "quantity": 2}],
  "ship_to": {"name": "Asha Menon", "street": "Lindenallee 4", "city": "Berlin", "country": "Germany"},
  "payment_method": "tok_visa"}'

)";

std::string names_of(const std::vector<rest::ModuleHealth>& modules) {
  std::string names;
  for (const auto& module : modules) names += (names.empty() ? "" : " ") + module.module;
  return names;
}

std::string replaced(std::string text, std::string_view mark, const std::string& by) {
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + by.size())) {
    text.replace(at, mark.size(), by);
  }
  return text;
}

}  // namespace

banyan::Status welcome(rest::Shop& shop, const std::string& url) {
  const auto health = shop.health();
  if (!health.ok()) return health.error();
  const auto customers = shop.customers();
  if (!customers.ok()) return customers.error();
  const auto products = shop.products();
  if (!products.ok()) return products.error();
  if (customers.value().empty() || products.value().empty()) {
    return banyan::Error{banyan::Errc::not_found, "demo.not_seeded", "run `banyan-demo seed` first"};
  }
  std::string page = replaced(std::string{page_text}, "<url>", url);
  page = replaced(page, "<modules>", names_of(health.value()));
  page = replaced(page, "<customer>", customers.value().front().customer_id);
  page = replaced(page, "<product>", products.value().front().product_id);
  std::fputs(page.c_str(), stdout);
  return banyan::success();
}

}  // namespace shop::demo
