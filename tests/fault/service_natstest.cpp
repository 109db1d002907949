#define BOOST_TEST_MODULE fault_service
#include <signal.h>

#include <boost/test/data/test_case.hpp>
#include <thread>

#include "trial.hpp"

using namespace fault;
using namespace std::chrono_literals;
namespace data = boost::unit_test::data;

namespace {

/// Points of a process, and the how many-th time that it gets there.
constexpr const char* plans[] = {"after_begin:3",    "before_commit:3",      "after_commit:3",
                                 "before_handoff:3", "after_inbox_commit:3", "before_cursor:3",
                                 "mid_checkpoint:1"};

/// Ends at the point and is started again. False if it does not get there.
bool ends_at(const char* plan, const std::string& name, Trial& trial) {
  trial.shop().stop(name);
  trial.shop().start(name, {{"FAULT_POINT", plan}});
  const pid_t pid = trial.shop().pid(name);
  const auto end = std::chrono::steady_clock::now() + 10s;
  while (trial.shop().pid(name) == pid && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(1ms);
  return trial.shop().pid(name) != pid;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(service, acceptance::Northwind)

BOOST_DATA_TEST_CASE(that_stands_still_for_a_while_is_waited_for, data::make(services_or("orders")), name) {
  if (is_missing()) return;
  Trial trial{first_orders(stream(), 300)};
  trial.begin();
  trial.wait_until_settled(50);
  trial.signal(name, SIGSTOP);
  std::this_thread::sleep_for(length_of_pause(5s));
  trial.signal(name, SIGCONT);
  trial.audit();
}

BOOST_DATA_TEST_CASE(that_ends_at_any_point_loses_nothing_and_does_nothing_twice,
                     data::make(services_or("payments")), name) {
  if (is_missing()) return;
  // So that even few orders fill the log and have it emptied.
  Trial trial{stream(), Load::at_once, {{"BANYAN_STORE_WAL_CHECKPOINT", "256KiB"}}};
  trial.begin();
  for (const char* plan : plans) {
    trial.wait_until_settled(trial.settled() + 20);
    BOOST_TEST(ends_at(plan, name, trial), plan << " was not reached");
  }
  trial.audit();
}

BOOST_AUTO_TEST_SUITE_END()
