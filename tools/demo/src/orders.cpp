#include "orders.hpp"

#include <algorithm>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <map>

#include "banyan/base/random.hpp"
#include "banyan/base/uuid.hpp"
#include "catalogue.hpp"
#include "table.hpp"

namespace shop::demo {

using namespace std::chrono_literals;
using banyan::Errc;
using banyan::Error;
using banyan::Result;
using banyan::Status;

namespace {

constexpr std::chrono::milliseconds patience = 30s;

struct WantedLine {
  std::string sku;
  std::int64_t quantity;
  std::int64_t discount_percent = 0;
};

/// An order, and how it should end.
struct Scenario {
  std::string title;
  std::vector<WantedLine> lines;
  std::string payment_method = "tok_visa";
  bool is_cancelled_by_customer = false;
  std::string status;
  std::string cancel_code = {};
  std::string payment_state = {};  ///< Empty: no payment.
};

// More than the catalogue's stock can ever be.
constexpr std::int64_t too_many = 10'000;

std::vector<Scenario> scenarios() {
  return {{.title = "An order that succeeds",
           .lines = {{"TEA-ASSAM-250", 2}, {"CUP-STONE-200", 4, 15}},
           .status = "confirmed",
           .payment_state = "captured"},
          {.title = "An order of more than there is",
           .lines = {{"TEA-SENCHA-100", 1}, {"SPICE-SAFFRON-1", too_many}},
           .status = "cancelled",
           .cancel_code = "inventory.out_of_stock"},
          {.title = "An order whose card is declined",
           .lines = {{"POT-GLASS-1200", 1}},
           .payment_method = "tok_declined",
           .status = "cancelled",
           .cancel_code = "payments.card_declined"},
          {.title = "An order that the customer cancels after its confirmation",
           .lines = {{"COFFEE-SIDAMO-500", 1}, {"COFFEE-YIRGACHEFFE-500", 1}},
           .is_cancelled_by_customer = true,
           .status = "cancelled",
           .cancel_code = "orders.cancelled_by_customer",
           .payment_state = "refunded"}};
}

std::string to_text(const banyan::Money& money) {
  char text[64];
  std::snprintf(text, sizeof text, "%" PRId64 ".%02" PRId64 " %s", money.amount_minor / 100,
                money.amount_minor % 100, money.currency.c_str());
  return text;
}

std::string since(banyan::Timestamp start, banyan::Timestamp at) {
  char text[32];
  std::snprintf(text, sizeof text, "+%.1f ms", static_cast<double>((at - start).count()) / 1000);
  return text;
}

/// The module that carries out a step of the order's sagas; orders itself does the rest.
std::string module_of(const std::string& step) {
  static const std::map<std::string, std::string> modules{
      {"reserve stock", "inventory"}, {"authorise payment", "payments"}, {"capture payment", "payments"},
      {"refund payment", "payments"}, {"create shipment", "shipping"},   {"cancel shipment", "shipping"},
      {"return stock", "inventory"}};
  const auto found = modules.find(step);
  return found == modules.end() ? "orders" : found->second;
}

void print_steps(const rest::Order& order, const std::set<std::string>& remote) {
  std::vector<Row> rows{{"when", "step", "module", "outcome", "detail"}};
  for (const rest::Step& step : order.history) {
    std::string module = module_of(step.step);
    if (remote.contains(module)) module += " (over NATS)";
    rows.push_back({since(order.history.front().at, step.at), step.step, module, step.outcome,
                    step.detail.value_or("")});
  }
  std::fputs(to_table(rows).c_str(), stdout);
}

class Demonstration {
 public:
  Demonstration(rest::Shop& shop, std::set<std::string> remote) : shop_(shop), remote_(std::move(remote)) {}

  Status prepare();
  /// Whether it ended as it should.
  Result<bool> play(const Scenario& scenario);

 private:
  Status keep_in_stock(rest::Product& product);
  Result<rest::NewOrder> order_for(const Scenario& scenario);
  Result<rest::Order> run(const Scenario& scenario);
  rest::IdempotencyKey new_key() { return {to_string(ids_.next())}; }

  rest::Shop& shop_;
  const std::set<std::string> remote_;
  banyan::SystemClock clock_;
  banyan::SystemRandom random_;
  banyan::IdSource ids_{clock_, random_};
  std::string customer_id_;
  std::vector<rest::Product> products_;
};

Status Demonstration::prepare() {
  const auto customers = shop_.customers();
  if (!customers.ok()) return customers.error();
  const std::string& email = sample_customers().front().email;
  for (const auto& customer : customers.value()) {
    if (customer.email == email) customer_id_ = customer.customer_id;
  }
  auto products = shop_.products();
  if (!products.ok()) return products.error();
  products_ = std::move(products).value();
  for (rest::Product& product : products_) {
    if (const Status status = keep_in_stock(product); !status.ok()) return status;
  }
  return banyan::success();
}

// Each demonstration sells something; the tenth shall go as the first.
Status Demonstration::keep_in_stock(rest::Product& product) {
  constexpr std::int64_t low = 10;
  constexpr std::int64_t delivery = 100;
  const auto is_it = [&](const rest::NewProduct& sample) { return sample.sku == product.sku; };
  const auto samples = sample_products();
  const auto sample = std::find_if(samples.begin(), samples.end(), is_it);
  if (sample == samples.end() || product.available >= std::min(low, sample->initial_stock)) {
    return banyan::success();
  }
  const auto restocked = shop_.restock(product.product_id, delivery, new_key());
  return restocked.ok() ? banyan::success() : Status{restocked.error()};
}

Result<rest::NewOrder> Demonstration::order_for(const Scenario& scenario) {
  const rest::NewCustomer& customer = sample_customers().front();
  rest::NewOrder order{.customer_id = customer_id_,
                       .ship_to = customer.address.value(),
                       .payment_method = scenario.payment_method,
                       .reference = scenario.title};
  order.ship_to.name = customer.name;
  for (const WantedLine& line : scenario.lines) {
    const auto is_it = [&](const rest::Product& product) { return product.sku == line.sku; };
    const auto product = std::find_if(products_.begin(), products_.end(), is_it);
    if (product == products_.end() || customer_id_.empty()) {
      return Error{Errc::not_found, "demo.not_seeded", "run `banyan-demo seed` first"};
    }
    order.lines.push_back({product->product_id, line.quantity, line.discount_percent});
  }
  return order;
}

Result<rest::Order> Demonstration::run(const Scenario& scenario) {
  const auto order = order_for(scenario);
  if (!order.ok()) return order.error();
  const auto order_id = shop_.place_order(order.value(), new_key());
  if (!order_id.ok()) return order_id.error();
  auto settled = shop_.settled_order(order_id.value(), patience);
  if (!settled.ok() || !scenario.is_cancelled_by_customer || settled.value().status != "confirmed") {
    return settled;
  }
  if (const Status cancelled = shop_.cancel_order(order_id.value(), "Changed my mind", new_key());
      !cancelled.ok()) {
    return cancelled.error();
  }
  return shop_.settled_order(order_id.value(), patience);
}

Result<bool> Demonstration::play(const Scenario& scenario) {
  const auto order = run(scenario);
  if (!order.ok()) return order.error();
  const auto payment = shop_.payment_of(order.value().order_id);
  if (!payment.ok()) return payment.error();
  const std::string state = payment.value() ? payment.value()->state : "";

  const std::string code = order.value().cancel_code.value_or("");
  std::printf("\n%s: %s%s%s%s\n", scenario.title.c_str(), order.value().status.c_str(),
              code.empty() ? "" : " ", code.c_str(),
              payment.value() ? (", " + to_text(payment.value()->amount) + " " + state).c_str() : "");
  print_steps(order.value(), remote_);
  const bool is_as_expected = order.value().status == scenario.status && code == scenario.cancel_code &&
                              state == scenario.payment_state;
  if (!is_as_expected) {
    std::printf("  NOT AS IT SHOULD BE: %s %s, payment %s\n", scenario.status.c_str(),
                scenario.cancel_code.c_str(),
                scenario.payment_state.empty() ? "none" : scenario.payment_state.c_str());
  }
  return is_as_expected;
}

}  // namespace

Status place_orders(rest::Shop& shop, const std::set<std::string>& remote) {
  Demonstration demonstration{shop, remote};
  if (const Status status = demonstration.prepare(); !status.ok()) return status;
  int unexpected = 0;
  for (const Scenario& scenario : scenarios()) {
    const auto is_as_expected = demonstration.play(scenario);
    if (!is_as_expected.ok()) return is_as_expected.error();
    if (!is_as_expected.value()) ++unexpected;
  }
  if (unexpected == 0) return std::puts("\nEach order ended as it should."), banyan::success();
  return Error{Errc::internal, "demo.unexpected_end", std::to_string(unexpected) + " orders ended otherwise"};
}

}  // namespace shop::demo
