#define BOOST_TEST_MODULE fault_service
#include <signal.h>

#include <boost/test/data/test_case.hpp>
#include <thread>

#include "trial.hpp"

using namespace fault;
using namespace std::chrono_literals;
namespace data = boost::unit_test::data;

namespace {

/// Those that take part in every order; one of them, unless $FAULT_ALL_SERVICES is 1.
std::vector<std::string> services(const char* one) {
  if (number_from_environment("FAULT_ALL_SERVICES", 0) == 0) return {one};
  return {"orders", "inventory", "payments", "shipping", "notifications"};
}

/// Points of a process, and the how many-th time that it gets there.
constexpr const char* plans[] = {"mid_checkpoint:1", "after_begin:3",    "before_commit:3",
                                 "after_commit:3",   "before_handoff:3", "after_inbox_commit:3",
                                 "before_cursor:3"};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(service, acceptance::Northwind)

BOOST_DATA_TEST_CASE(that_stands_still_for_a_while_is_waited_for, data::make(services("orders")), name) {
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
                     data::make(services("payments")), name) {
  if (is_missing()) return;
  // So that even few orders fill the log and have it emptied.
  Trial trial{stream(), Load::at_once, {{"BANYAN_STORE_WAL_CHECKPOINT", "256KiB"}}};
  trial.begin();
  for (const char* plan : plans) {
    trial.wait_until_settled(trial.settled() + 20);
    trial.shop().stop(name);
    trial.shop().start(name, {{"FAULT_POINT", plan}});
    const pid_t pid = trial.shop().pid(name);
    while (trial.is_busy() && trial.shop().pid(name) == pid) std::this_thread::sleep_for(1ms);
    BOOST_TEST(trial.shop().pid(name) != pid, plan << " was not reached");
  }
  trial.audit();
}

BOOST_AUTO_TEST_SUITE_END()
