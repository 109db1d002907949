#define BOOST_TEST_MODULE testing_fault_plan
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "banyan/testing/fault_plan.hpp"

using banyan::testing::FaultPlan;

BOOST_AUTO_TEST_SUITE(reaching)

BOOST_AUTO_TEST_CASE(a_point_without_a_fault_lets_pass_and_is_counted) {
  FaultPlan faults;
  faults.reach("after_begin");
  faults.reach("after_begin");
  BOOST_TEST(faults.reached("after_begin") == 2);
  BOOST_TEST(faults.reached("before_commit") == 0);
}

BOOST_AUTO_TEST_CASE(throws_at_the_reach_that_was_named_and_only_there) {
  FaultPlan faults;
  faults.fail("before_commit", 2);
  faults.reach("before_commit");
  BOOST_CHECK_EXCEPTION(faults.reach("before_commit"), std::runtime_error,
                        [](const auto& e) { return FaultPlan::is_planned(e.what()); });
  faults.reach("before_commit");
}

BOOST_AUTO_TEST_CASE(throws_from_a_reach_on_until_it_is_cleared) {
  FaultPlan faults;
  faults.fail_from("before_commit", 2);
  faults.reach("before_commit");
  BOOST_CHECK_THROW(faults.reach("before_commit"), std::runtime_error);
  BOOST_CHECK_THROW(faults.reach("before_commit"), std::runtime_error);
  faults.clear();
  faults.reach("before_commit");
  BOOST_TEST(faults.reached("before_commit") == 1);
}

BOOST_AUTO_TEST_CASE(an_action_may_reach_points_itself) {
  FaultPlan faults;
  faults.run("after_begin", 1, [&] { faults.reach("before_commit"); });
  faults.reach("after_begin");
  BOOST_TEST(faults.reached("before_commit") == 1);
}

BOOST_AUTO_TEST_CASE(ends_the_process_with_the_status_that_was_named) {
  const pid_t child = ::fork();
  if (child == 0) {
    FaultPlan faults;
    faults.exit("before_handoff", 2, 9);
    faults.reach("before_handoff");
    faults.reach("before_handoff");
    ::_exit(0);
  }
  int status = 0;
  BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
  BOOST_REQUIRE(WIFEXITED(status));
  BOOST_TEST(WEXITSTATUS(status) == 9);
}

BOOST_AUTO_TEST_SUITE_END()
