#define BOOST_TEST_MODULE resilience_deadline
#include "banyan/resilience/deadline.hpp"

#include <boost/test/unit_test.hpp>

using namespace banyan;
using namespace banyan::resilience;
using namespace std::chrono_literals;

namespace {
constexpr Instant now{1'000'000'000us};
}

BOOST_AUTO_TEST_SUITE(deadline)

BOOST_AUTO_TEST_CASE(expires_at_its_own_moment_and_never_if_there_is_none) {
  BOOST_TEST(!is_expired(now + 1us, now));
  BOOST_TEST(is_expired(now, now));
  BOOST_TEST(is_expired(now - 1us, now));
  BOOST_TEST(!is_expired(no_deadline, now));
}

BOOST_AUTO_TEST_CASE(leaves_the_time_until_it_comes_and_none_afterwards) {
  BOOST_TEST((remaining(now + 3s, now) == 3s));
  BOOST_TEST((remaining(now, now) == 0s));
  BOOST_TEST((remaining(now - 3s, now) == 0s));
  BOOST_TEST((remaining(no_deadline, now) == Duration::max()));
}

BOOST_AUTO_TEST_CASE(of_a_part_is_the_earlier_of_its_own_and_the_whole) {
  BOOST_TEST((child_deadline(now + 5s, now, 3s) == now + 3s));
  BOOST_TEST((child_deadline(now + 2s, now, 3s) == now + 2s));
  BOOST_TEST((child_deadline(no_deadline, now, 3s) == now + 3s));
  BOOST_TEST((child_deadline(now - 1s, now, 3s) == now - 1s));
}

BOOST_AUTO_TEST_CASE(of_a_part_with_a_negative_timeout_has_come_already) {
  BOOST_TEST(is_expired(child_deadline(no_deadline, now, -1s), now));
}

BOOST_AUTO_TEST_CASE(beyond_the_end_of_time_is_none) {
  BOOST_TEST((child_deadline(no_deadline, now, Duration::max()) == no_deadline));
  BOOST_TEST((child_deadline(now + 5s, now, Duration::max()) == now + 5s));
}

BOOST_AUTO_TEST_SUITE_END()
