#include "trial.hpp"

#include <signal.h>

#include <cstdlib>

namespace fault {

using namespace acceptance;
using namespace std::chrono_literals;

std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

std::chrono::seconds length_of_pause(std::chrono::seconds otherwise) {
  return std::chrono::seconds{
      number_from_environment("FAULT_PAUSE", static_cast<std::uint64_t>(otherwise.count()))};
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

void Trial::signal(const std::string& name, int number) { ::kill(shop_.pid(name), number); }

void Trial::audit() {
  work_.get();
  replay_->come_to_rest();
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
