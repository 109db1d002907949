#include "shop/rest/shop.hpp"

#include <thread>

#include "banyan/base/numbers.hpp"
#include "connection.hpp"

namespace shop::rest {

using banyan::Errc;
using banyan::Error;
using banyan::Result;
using std::string;
using std::vector;

namespace {

/// The id that a POST answers, under `name`.
Result<string> id_in(const Result<string>& body, std::string_view name) {
  if (!body.ok()) return body.error();
  const auto document = banyan::json::parse(body.value());
  const auto* id = document.ok() ? document.value().find(name) : nullptr;
  if (id == nullptr || id->if_a<string>() == nullptr) {
    return Error{Errc::data_loss, "rest.bad_answer", "no " + string{name} + " in " + body.value()};
  }
  return *id->if_a<string>();
}

}  // namespace

Result<Endpoint> parse_url(std::string_view url) {
  const Error bad{Errc::invalid_argument, "rest.bad_url",
                  "'" + string{url} + "' is no URL like http://127.0.0.1:8080"};
  constexpr std::string_view scheme = "http://";
  if (!url.starts_with(scheme)) return bad;
  url.remove_prefix(scheme.size());
  if (url.ends_with('/')) url.remove_suffix(1);
  const std::size_t colon = url.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return bad;
  const auto port = banyan::parse_number<std::uint16_t>(url.substr(colon + 1));
  if (port.value_or(0) == 0) return bad;
  return Endpoint{.address = string{url.substr(0, colon)}, .port = *port};
}

Shop::Shop(Endpoint endpoint, Options options)
    : Shop([endpoint = std::move(endpoint)] { return endpoint; }, options) {}
Shop::Shop(std::function<Endpoint()> where, Options options)
    : connection_(std::make_unique<Connection>(std::move(where), options)) {}
Shop::~Shop() = default;
Shop::Shop(Shop&&) noexcept = default;
Shop& Shop::operator=(Shop&&) noexcept = default;

Result<string> Shop::register_customer(const NewCustomer& customer, const IdempotencyKey& key) {
  return id_in(connection_->post("/v1/customers", customer, key), "customer_id");
}

Result<string> Shop::add_product(const NewProduct& product, const IdempotencyKey& key) {
  return id_in(connection_->post("/v1/products", product, key), "product_id");
}

Result<Product> Shop::restock(const string& product_id, std::int64_t quantity, const IdempotencyKey& key) {
  const auto body = connection_->post("/v1/products/" + product_id + "/restocks", Restock{quantity}, key);
  if (!body.ok()) return body.error();
  return decode<Product>(body.value());
}

Result<string> Shop::place_order(const NewOrder& order, const IdempotencyKey& key) {
  return id_in(connection_->post("/v1/orders", order, key), "order_id");
}

banyan::Status Shop::cancel_order(const string& order_id, const string& reason, const IdempotencyKey& key) {
  const auto body = connection_->post("/v1/orders/" + order_id + "/cancel", CancelRequest{reason}, key);
  if (!body.ok()) return body.error();
  return banyan::success();
}

Result<Order> Shop::order(const string& order_id) {
  return connection_->read_one<Order>("/v1/orders/" + order_id);
}

Result<Order> Shop::settled_order(const string& order_id, std::chrono::milliseconds patience) {
  constexpr std::chrono::milliseconds longest_pause{20};
  std::chrono::milliseconds pause{1};
  const banyan::SystemClock clock;
  const banyan::Instant end = clock.now() + patience;
  for (;;) {
    auto order = this->order(order_id);
    if (!order.ok() || order.value().is_settled()) return order;
    if (clock.now() > end) {
      return Error{Errc::deadline_exceeded, "rest.not_settled",
                   order_id + " is still " + order.value().status};
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, longest_pause);
  }
}

Result<Product> Shop::product(const string& product_id) {
  return connection_->read_one<Product>("/v1/products/" + product_id);
}

Result<Reservation> Shop::reservation(const string& order_id) {
  return connection_->read_one<Reservation>("/v1/reservations/" + order_id);
}

Result<std::optional<Payment>> Shop::payment_of(const string& order_id) {
  const auto payments = connection_->read_all<Payment>("/v1/payments", "order_id=" + order_id);
  if (!payments.ok()) return payments.error();
  return payments.value().empty() ? std::nullopt : std::optional{payments.value().front()};
}

Result<vector<Customer>> Shop::customers() { return connection_->read_all<Customer>("/v1/customers"); }
Result<vector<Product>> Shop::products() { return connection_->read_all<Product>("/v1/products"); }
Result<vector<Order>> Shop::orders_of(const string& customer_id) {
  return connection_->read_all<Order>("/v1/orders", "customer_id=" + customer_id);
}
Result<vector<Payment>> Shop::payments() { return connection_->read_all<Payment>("/v1/payments"); }
Result<vector<Invoice>> Shop::invoices() { return connection_->read_all<Invoice>("/v1/invoices"); }
Result<vector<Shipment>> Shop::shipments() { return connection_->read_all<Shipment>("/v1/shipments"); }
Result<vector<Notification>> Shop::notifications() {
  return connection_->read_all<Notification>("/v1/notifications");
}

// A process that is not well says so with status 503, and tells of its modules all the same.
Result<vector<ModuleHealth>> Shop::health() {
  const auto response = connection_->send_once({.method = "GET", .path = "/health"});
  if (!response.ok()) return response.error();
  auto health = decode<Health>(response.value().body);
  if (!health.ok()) return health.error();
  return std::move(health.value().modules);
}

}  // namespace shop::rest
