#define BOOST_TEST_MODULE host_fault_points
#include "fault_points.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>

using namespace banyan;

namespace {

/// The status with which a process ends that reaches `points` in turn and then ends with 0.
int status_after(const char* plan, const std::vector<std::string>& points) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::setenv("FAULT_POINT", plan, 1);
    const auto faults = host::fault_points_from_environment();
    for (const std::string& point : points) faults->reach(point);
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(a_fault_point)

BOOST_AUTO_TEST_CASE(ends_the_process_at_the_reach_that_was_told) {
  BOOST_TEST(status_after("before_commit:2", {"before_commit", "after_commit"}) == 0);
  BOOST_TEST(status_after("before_commit:2", {"before_commit", "before_commit"}) == 137);
  BOOST_TEST(status_after("before_commit:1", {"before_commit"}) == 137);
}

BOOST_AUTO_TEST_CASE(is_the_first_reach_if_no_number_is_told) {
  BOOST_TEST(status_after("after_commit", {"before_commit", "after_commit"}) == 137);
}

BOOST_AUTO_TEST_CASE(never_comes_if_the_number_is_none) {
  BOOST_TEST(status_after("after_commit:x", {"after_commit", "after_commit"}) == 0);
  BOOST_TEST(status_after("after_commit:-1", {"after_commit"}) == 0);
}

BOOST_AUTO_TEST_CASE(is_none_unless_the_environment_tells_one) {
  ::unsetenv("FAULT_POINT");
  host::fault_points_from_environment()->reach("before_commit");
}

BOOST_AUTO_TEST_SUITE_END()
