#define BOOST_TEST_MODULE remote_known_log
#include <boost/test/unit_test.hpp>

#include "banyan/testing/manual_clock.hpp"
#include "known_log.hpp"
#include "messages.hpp"

using namespace banyan;
using namespace banyan::remote;
using namespace std::chrono_literals;

namespace {

const Uuid one = test_id(1);
const Uuid two = test_id(2);

struct Listening {
  bool heard(const Uuid& id) { return log.heard(id, clock.now()); }

  testing::ManualClock clock;
  KnownLog log;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_known_log, Listening)

BOOST_AUTO_TEST_CASE(that_stays_or_is_replaced_is_no_alarm) {
  for (const Uuid& id : {one, one, Uuid{}, two, two, test_id(3), Uuid{}, test_id(4)}) BOOST_TEST(!heard(id));
  BOOST_TEST(!log.second(clock.now()));
}

BOOST_AUTO_TEST_CASE(that_comes_back_shows_that_there_are_two) {
  heard(one);
  heard(two);
  BOOST_TEST(heard(one));
  BOOST_TEST((log.last() == one));
  BOOST_TEST((log.second(clock.now()) == two));
  BOOST_TEST(heard(two));
}

BOOST_AUTO_TEST_CASE(is_alone_again_when_the_second_one_is_not_heard_for_ten_seconds) {
  for (const Uuid& id : {one, two, one}) heard(id);
  clock.advance(9s);
  heard(one);
  BOOST_TEST(log.second(clock.now()).has_value());
  clock.advance(1s);
  BOOST_TEST(!log.second(clock.now()));
}

BOOST_AUTO_TEST_SUITE_END()
