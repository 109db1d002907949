#define BOOST_TEST_MODULE fault_broker
#include <filesystem>
#include <thread>

#include "trial.hpp"

using namespace fault;
using namespace std::chrono_literals;
namespace files = std::filesystem;

namespace {

constexpr std::size_t orders = 300;

std::string broker_store(Trial& trial) { return trial.shop().data_directory() + "/nats"; }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(broker, acceptance::Northwind)

BOOST_AUTO_TEST_CASE(that_has_lost_its_store_gets_everything_again) {
  if (is_missing()) return;
  Trial trial{first_orders(stream(), orders)};
  trial.begin();
  trial.wait_until_settled(50);
  trial.shop().stop("nats-server");
  files::remove_all(broker_store(trial));
  trial.shop().start("nats-server");
  trial.audit();
}

BOOST_AUTO_TEST_CASE(whose_store_is_an_older_copy_gets_what_it_lacks) {
  if (is_missing()) return;
  Trial trial{first_orders(stream(), orders)};
  const std::string copy = trial.shop().data_directory() + "/../nats.copy";
  trial.begin();
  trial.wait_until_settled(20);
  trial.shop().stop("nats-server");
  files::copy(broker_store(trial), copy, files::copy_options::recursive);
  trial.shop().start("nats-server");
  trial.wait_until_settled(60);
  BOOST_TEST(trial.is_busy());
  trial.shop().stop("nats-server");
  files::remove_all(broker_store(trial));
  files::rename(copy, broker_store(trial));
  trial.shop().start("nats-server");
  trial.audit();
}

BOOST_AUTO_TEST_CASE(that_is_away_for_a_while_is_waited_for) {
  if (is_missing()) return;
  Trial trial{first_orders(stream(), orders)};
  trial.begin();
  trial.wait_until_settled(50);
  trial.shop().stop("nats-server");
  std::this_thread::sleep_for(length_of_pause(5s));
  BOOST_TEST(trial.is_busy());
  trial.shop().start("nats-server");
  trial.finish();
  BOOST_TEST(trial.counted("banyan_breaker_opened_total") == 0);  // no module was away
  trial.audit();
}

BOOST_AUTO_TEST_SUITE_END()
