#include "shop.hpp"

#include <cstdio>
#include <cstdlib>
#include <future>
#include <thread>

#include "pipeline.hpp"
#include "shop/inventory/messages.hpp"
#include "shop/inventory/module.hpp"
#include "shop/notifications/module.hpp"
#include "shop/orders/module.hpp"
#include "shop/payments/module.hpp"
#include "shop/shipping/module.hpp"
#include "shop/users/messages.hpp"
#include "shop/users/module.hpp"

namespace banyan::bench {
namespace {

constexpr std::int64_t initial_stock = 1'000'000;
const std::string fingerprint(64, 'f');  // as long as security::fingerprint makes them

[[noreturn]] void give_up(const Error& error) {
  std::fprintf(stderr, "%s: %s\n", error.reason().c_str(), error.detail().c_str());
  std::exit(1);
}

}  // namespace

void ConfirmedOrders::listen(delivery::Publisher& orders) {
  orders_ = &orders;
  orders.resume(name, {});
}

void ConfirmedOrders::deliver(delivery::Batch batch) {
  for (const delivery::Delivery& delivery : batch.deliveries) {
    if (delivery.seq > seen_) listener_();
    seen_ = std::max(seen_, delivery.seq);
  }
  orders_->confirm(name, seen_);
}

Shop::Shop() {
  open();
  link();
  for (const auto& [name, instance] : instances_) instance->start();
  confirmed_.listen(instances_.at("orders")->publisher());
  fill_catalogue();
  register_customer();
}

Shop::~Shop() { close(); }

void Shop::close() {
  for (const auto& [name, instance] : instances_) instance->stop();
  instances_.clear();
}

void Shop::open() {
  const module::Module modules[] = {
      shop::users::users(),       shop::inventory::inventory(),
      shop::orders::orders(),     shop::payments::payments(shop::payments::built_in_provider()),
      shop::shipping::shipping(), shop::notifications::notifications(shop::notifications::null_sender())};
  for (const module::Module& module : modules) instances_[module.name()] = process_.open(module);
}

void Shop::link() {
  for (const auto& [producer_name, producer] : instances_) {
    for (const auto& [name, subscriber] : instances_) {
      producer->feeds(module::interest_of(subscriber->definition(), producer->definition()),
                      subscriber->subscriber());
      subscriber->listens_to(producer_name, producer->publisher());
    }
  }
  instances_.at("orders")->feeds({ConfirmedOrders::name, {&shop::orders::OrderConfirmed::descriptor()}},
                                 confirmed_);
}

template <message::Message C>
typename C::Answer Shop::call(C command) {
  std::promise<Result<typename C::Answer>> promise;
  message::call<typename C::Answer>(
      instances_.at(std::string{C::descriptor().module})->endpoint(), std::move(command),
      process_.call_options(),
      [&](Result<typename C::Answer> answer) { promise.set_value(std::move(answer)); });
  auto answer = promise.get_future().get();
  if (!answer.ok()) give_up(answer.error());
  return std::move(answer).value();
}

void Shop::fill_catalogue() {
  for (std::size_t number = 0; number < product_count; ++number) {
    const shop::inventory::AddProduct product{.sku = "SKU-" + std::to_string(number),
                                              .name = "Product " + std::to_string(number),
                                              .category = "bench",
                                              .unit_price = {1000 + static_cast<std::int64_t>(number), "EUR"},
                                              .initial_stock = initial_stock};
    product_ids_.push_back(call(product).product_id);
  }
}

// Orders hears of the customer a moment after the registration.
void Shop::register_customer() {
  customer_id_ =
      call(shop::users::RegisterCustomer{.name = "Maria Anders", .email = "maria@example.com"}).customer_id;
  std::this_thread::sleep_for(std::chrono::milliseconds{200});
}

void Shop::place(std::size_t number) {
  const auto line = [&](std::size_t at) {
    return shop::orders::OrderLine{.product_id = product_ids_[at % product_count], .quantity = 2};
  };
  shop::orders::PlaceOrder order{.customer_id = customer_id_,
                                 .lines = {line(number), line(number * 7 + 1)},
                                 .ship_to = {.name = "Maria Anders",
                                             .street = "Obere Str. 57",
                                             .city = "Berlin",
                                             .postal_code = "12209",
                                             .country = "Germany"},
                                 .payment_method = "tok_visa"};
  message::CallOptions options = process_.call_options();
  options.idempotency = message::Idempotency{to_string(options.envelope.id), fingerprint};
  message::call<shop::orders::OrderAccepted>(instances_.at("orders")->endpoint(), std::move(order), options,
                                             [](const Result<shop::orders::OrderAccepted>& accepted) {
                                               if (!accepted.ok()) give_up(accepted.error());
                                             });
}

void Shop::check_out(std::size_t count, std::size_t in_flight) {
  using Listener = std::function<void()>;
  run_pipelined(count, in_flight, [this](std::size_t number, auto done) {
    if (number == 0) confirmed_.tell(Listener{done});
    place(number);
  });
  confirmed_.tell([] {});
}

}  // namespace banyan::bench
