#define BOOST_TEST_MODULE saga_recovery
#include <boost/test/unit_test.hpp>

#include "travel.hpp"

using namespace banyan;
using namespace banyan::saga;
using testing::Topologies;

namespace {

/// Books although the process dies at reach number `reach` of `point`, asking again if there was no answer.
/// False if the point was not reached that often.
bool book_over_a_crash(Travel& travel, const std::string& point, int reach) {
  travel.world.faults().clear();
  travel.world.crash_at(point, reach);
  const bool was_answered = travel.book().ok();
  const bool crashed = travel.world.has_crashed();
  travel.world.recover();
  if (!was_answered) BOOST_TEST(travel.book().ok());
  travel.world.advance(2min, 1s);
  return crashed;
}

void check_booked(Travel& travel) {
  BOOST_TEST(travel.outcome() == "booked");
  BOOST_TEST(travel.happened().back() == "journey completed");
  BOOST_TEST(travel.times<ReserveFlight>() == 1);
  BOOST_TEST(travel.times<Charge>() == 1);
  BOOST_TEST(travel.times<SendMail>() == 1);
  BOOST_TEST(travel.times<ReserveRoom>() == 1);
  BOOST_TEST(travel.times<Refund>() == 0);
}

void check_taken_back(Travel& travel) {
  BOOST_TEST(travel.outcome() == "test.no");
  BOOST_TEST(travel.happened().back() == "journey failed");
  BOOST_TEST(travel.times<Refund>() == 1);
  BOOST_TEST(travel.times<CancelFlight>() == 1);
  BOOST_TEST(travel.times<CancelRoom>() == 0);
}

const std::string points[] = {"after_begin",  "before_cursor",  "before_commit",
                              "after_commit", "before_handoff", "after_inbox_commit"};

}  // namespace

BOOST_AUTO_TEST_SUITE(a_crash_at_any_moment)

BOOST_AUTO_TEST_CASE_TEMPLATE(does_not_keep_a_journey_from_being_booked_once, Topology, Topologies) {
  for (const std::string& point : points) {
    for (int reach = 1;; reach += testing::stride(Topology::passage)) {
      BOOST_TEST_CONTEXT(point << " " << reach) {
        Travel travel{Topology::passage};
        const bool crashed = book_over_a_crash(travel, point, reach);
        check_booked(travel);
        if (!crashed) break;
      }
    }
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(does_not_keep_a_journey_from_being_taken_back_once, Topology, Topologies) {
  for (const std::string& point : points) {
    for (int reach = 1;; reach += testing::stride(Topology::passage)) {
      BOOST_TEST_CONTEXT(point << " " << reach) {
        Travel travel{Topology::passage};
        travel.refuse("rooms.reserve.v1");
        const bool crashed = book_over_a_crash(travel, point, reach);
        check_taken_back(travel);
        if (!crashed) break;
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_restart)

BOOST_AUTO_TEST_CASE(goes_on_waiting_for_as_long_as_was_left) {
  Travel travel;
  travel.world.stop("bank");
  BOOST_REQUIRE(travel.book().ok());
  travel.world.advance(6s, 1s);
  travel.world.stop("agency");
  travel.world.advance(1min, 1s);
  travel.world.start("agency");
  travel.world.advance(3s, 1s);
  BOOST_TEST(travel.happened().back() == "flight done");
  travel.world.advance(1s, 1s);
  BOOST_TEST(travel.happened().back() == "payment timed_out");
  travel.world.start("bank");
  BOOST_TEST(travel.outcome() == "booked");
}

BOOST_AUTO_TEST_SUITE_END()
