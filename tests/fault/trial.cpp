#include "trial.hpp"

#include <signal.h>

#include <sstream>

#include "banyan/http/client.hpp"

namespace fault {

using namespace acceptance;
using namespace std::chrono_literals;

std::chrono::seconds length_of_pause(std::chrono::seconds otherwise) {
  return std::chrono::seconds{
      number_from_environment("FAULT_PAUSE", static_cast<std::uint64_t>(otherwise.count()))};
}

std::vector<std::string> services_or(const char* one) {
  if (number_from_environment("FAULT_ALL_SERVICES", 0) == 0) return {one};
  return {"orders", "inventory", "payments", "shipping", "notifications"};
}

Stream first_orders(const Stream& stream, std::size_t count) {
  Stream less = stream;
  less.orders.resize(std::min(count, less.orders.size()));
  return less;
}

Trial::Trial(Stream stream, Load load, ShopProcess::Environment environment, std::vector<std::string> options)
    : stream_(std::move(stream)),
      load_(load),
      supply_(load == Load::at_once ? demand_of(stream_) : Units{}),
      shop_(std::move(environment), all_apart, std::move(options)) {
  shop_.start();
  replay_ = std::make_unique<Replay>(stream_, places_of(shop_));
  replay_->load();
  replay_->restock(supply_);
}

void Trial::begin() {
  work_ = std::async(std::launch::async, [this] { replay_->place_orders(load_ == Load::at_once ? 64 : 1); });
}

void Trial::wait_until_settled(int orders) {
  while (replay_->settled() < orders && is_busy()) {
  }
}

bool Trial::is_busy() { return work_.wait_for(1ms) == std::future_status::timeout; }

std::int64_t Trial::counted(const std::string& metric) {
  std::int64_t sum = 0;
  for (const auto& process : shop_.administrations()) {
    banyan::http::Client client{{.address = process.address, .port = process.port}};
    const auto page = client.send({.method = "GET", .path = "/metrics"});
    if (!page.ok()) throw std::runtime_error("a process does not tell its metrics");
    std::istringstream lines{page.value().body};
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with(metric + "{")) sum += std::stoll(line.substr(line.rfind(' ')));
    }
  }
  return sum;
}

void Trial::signal(const std::string& name, int number) { ::kill(shop_.pid(name), number); }

void Trial::finish() {
  if (work_.valid()) work_.get();
  replay_->come_to_rest();
}

void Trial::audit() {
  finish();
  const Count expected = count(stream_, supply_);
  check_books(stream_, expected, *replay_, shop_);
  const auto repeated = replay_->repeat_orders();
  for (std::size_t i = 0; i < repeated.size(); ++i) BOOST_TEST(repeated[i] == replay_->placed()[i].order_id);
  replay_->come_to_rest();
  check_stores(shop_);
  std::printf("audit: %" PRId64 " orders confirmed, %" PRId64 " units, %" PRId64 " cents\n",
              expected.confirmed(), expected.units(), expected.cents());
}

}  // namespace fault
