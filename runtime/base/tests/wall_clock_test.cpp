#define BOOST_TEST_MODULE base_wall_clock
#include "banyan/base/wall_clock.hpp"

#include <boost/test/unit_test.hpp>

using namespace banyan;

BOOST_AUTO_TEST_CASE(it_shows_what_the_systems_clock_shows) {
  const WallClock clock;
  const auto before = std::chrono::floor<Duration>(std::chrono::system_clock::now());
  const Timestamp shown = clock.now();
  BOOST_TEST((before <= shown && shown <= std::chrono::system_clock::now()));
}
