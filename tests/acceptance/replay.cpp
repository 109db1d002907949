#include "replay.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <future>
#include <stdexcept>
#include <thread>

namespace acceptance {

using namespace std::chrono_literals;
using shop::rest::Shop;
using std::string;

namespace {

const string currency = "USD";

constexpr std::chrono::milliseconds retry_delay = 20ms;

template <class T>
T value_of(banyan::Result<T> result, const string& what) {
  if (result.ok()) return std::move(result).value();
  throw std::runtime_error(what + ": " + result.error().reason() + ": " + result.error().detail());
}

/// "Federal Shipping" is federal_shipping.
string to_code(string carrier) {
  for (char& c : carrier) c = c == ' ' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return carrier;
}

string to_mailbox(string customer_id) {
  std::erase(customer_id, ' ');
  return customer_id + "@northwind.example";
}

shop::rest::NewCustomer to_request(const Stream::Customer& customer) {
  shop::rest::NewCustomer request{.name = customer.company, .email = to_mailbox(customer.id)};
  if (!customer.phone.empty()) request.phone = customer.phone;
  if (!customer.address.street.empty()) request.address = customer.address;
  return request;
}

shop::rest::NewProduct to_request(const Stream::Product& product) {
  return {.sku = std::to_string(product.id),
          .name = product.name,
          .description = product.quantity_per_unit,
          .category = product.category,
          .unit_price = {product.unit_price_cents, currency},
          .initial_stock = product.units_in_stock};
}

// Retries parked messages until they are dead. A message that was under way when the process ended,
// several times in a row, is parked: it may be the cause.
bool is_at_rest(const shop::rest::ModuleHealth& module) {
  return module.outbox_depth == 0 && module.parked == module.dead_letters;
}

bool is_at_rest(const Replay& replay) {
  const auto modules = replay.health();
  return modules &&
         std::all_of(modules->begin(), modules->end(), [](const auto& module) { return is_at_rest(module); });
}

}  // namespace

Replay::Replay(const Stream& stream, Places places, Options options)
    : stream_(stream),
      places_(std::move(places)),
      options_(std::move(options)),
      shop_(connect()),
      placed_(stream.orders.size()) {}

Shop Replay::connect() const {
  return Shop{places_.shop, {.attempts_max = options_.attempts_max, .retry_delay = retry_delay}};
}

std::optional<std::vector<shop::rest::ModuleHealth>> Replay::health() const {
  std::vector<shop::rest::ModuleHealth> all;
  for (const auto& process : places_.processes()) {
    auto modules = Shop{process, {.attempts_max = 1}}.health();
    if (!modules.ok()) return std::nullopt;
    for (auto& module : modules.value()) all.push_back(std::move(module));
  }
  return all;
}

string Replay::answered(banyan::Result<string> id, const string& key) const {
  string answer = value_of(std::move(id), key);
  options_.on_answer(key, answer);
  return answer;
}

void Replay::load() {
  for (const auto& customer : stream_.customers) {
    const string what = "customer-" + customer.id;
    customer_ids_[customer.id] = answered(shop_.register_customer(to_request(customer), {what}), what);
  }
  for (const auto& product : stream_.products) {
    const string what = "product-" + std::to_string(product.id);
    product_ids_[product.id] = answered(shop_.add_product(to_request(product), {what}), what);
  }
  come_to_rest();
}

void Replay::restock(const Units& units) {
  for (const auto& [product, quantity] : units) {
    const string what = "restock-" + std::to_string(product);
    value_of(shop_.restock(product_ids_.at(product), quantity, {what}), what);
  }
}

// One look at one module after the other could miss a message that runs ahead of it; several looks don't.
void Replay::come_to_rest() {
  const auto end = std::chrono::steady_clock::now() + options_.patience;
  for (int looks = 0; looks < 3; looks = is_at_rest(*this) ? looks + 1 : 0) {
    if (std::chrono::steady_clock::now() > end) throw std::runtime_error("messages are under way for ever");
    std::this_thread::sleep_for(retry_delay);
  }
}

shop::rest::NewOrder Replay::order_request(const Stream::Order& order) const {
  shop::rest::NewOrder request{.customer_id = customer_ids_.at(order.customer_id),
                               .freight = banyan::Money{order.freight_cents, currency},
                               .ship_to = order.ship_to,
                               .payment_method = order.payment_method,
                               .carrier = to_code(order.carrier),
                               .reference = std::to_string(order.id)};
  for (const auto& line : order.lines) {
    request.lines.push_back({.product_id = product_ids_.at(line.product_id),
                             .quantity = line.quantity,
                             .discount_percent = line.discount_percent,
                             .unit_price = banyan::Money{line.unit_price_cents, currency}});
  }
  return request;
}

void Replay::place_orders(int in_flight) { place_orders(in_flight, false); }

void Replay::place_orders(int in_flight, const std::atomic<bool>& is_over) {
  std::atomic<std::size_t> next = 0;
  std::vector<std::future<void>> clients;
  for (int i = 0; i < in_flight; ++i) {
    clients.push_back(std::async(std::launch::async, [&] { place_from(next, is_over); }));
  }
  for (auto& client : clients) client.get();
  placed_.resize(static_cast<std::size_t>(settled_));
}

void Replay::place_from(std::atomic<std::size_t>& next, const std::atomic<bool>& is_over) {
  Shop shop = connect();
  while (!is_over) {
    const std::size_t i = next++;
    if (i >= stream_.orders.size()) return;
    const Stream::Order& order = stream_.orders[i];
    const string what = "order-" + std::to_string(order.id);
    Placed& placed = placed_[i];
    placed.order_id = answered(shop.place_order(order_request(order), {what}), what);
    placed.order = value_of(shop.settled_order(placed.order_id, options_.patience), what);
    ++settled_;
  }
}

std::vector<string> Replay::repeat_orders() {
  std::vector<string> ids;
  for (const auto& order : stream_.orders) {
    const string what = "order-" + std::to_string(order.id);
    ids.push_back(answered(shop_.place_order(order_request(order), {what}), what));
  }
  return ids;
}

}  // namespace acceptance
