#define BOOST_TEST_MODULE saga
#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "travel.hpp"

using namespace banyan;
using namespace banyan::saga;
using testing::Topologies;

namespace {

using Lines = std::vector<std::string>;
const auto per_element = boost::test_tools::per_element();

}  // namespace

BOOST_AUTO_TEST_SUITE(going_forward)

BOOST_AUTO_TEST_CASE_TEMPLATE(does_its_steps_one_after_the_other_and_completes, Topology, Topologies) {
  Travel travel{Topology::passage};
  BOOST_REQUIRE(travel.book().ok());
  BOOST_TEST(travel.outcome() == "booked");
  BOOST_TEST(travel.happened() ==
                 (Lines{"flight done", "payment done", "mail done", "room done", "journey completed"}),
             per_element);
  BOOST_TEST(travel.times<ReserveFlight>() == 1);
  BOOST_TEST(travel.times<Charge>() == 1);
  BOOST_TEST(travel.times<Refund>() == 0);
}

BOOST_AUTO_TEST_CASE(takes_what_a_reply_says_into_its_state) {
  Travel travel;
  BOOST_REQUIRE(travel.book().ok());
  BOOST_TEST(travel.world.value<int>("agency", "SELECT number FROM outcome").value() == 7);
}

BOOST_AUTO_TEST_CASE(a_second_event_with_the_same_id_starts_nothing) {
  Travel travel;
  BOOST_REQUIRE(travel.world.call(Book{.key = travel.key}).ok());
  BOOST_REQUIRE(travel.world.call(Book{.key = travel.key}).ok());
  BOOST_TEST(travel.outcome() == "booked");
  BOOST_TEST(travel.times<Charge>() == 1);
}

BOOST_AUTO_TEST_CASE(what_is_not_committed_starts_nothing) {
  Travel travel;
  travel.world.faults().clear();
  travel.world.faults().fail("before_commit");
  BOOST_TEST(travel.book().error().reason() == "store.fault");
  travel.world.advance(1min);
  BOOST_TEST(travel.happened().empty());
  BOOST_REQUIRE(travel.book().ok());
  BOOST_TEST(travel.outcome() == "booked");
}

BOOST_AUTO_TEST_CASE(waits_for_a_partner_that_is_down) {
  Travel travel;
  travel.world.stop("bank");
  BOOST_REQUIRE(travel.book().ok());
  BOOST_TEST(travel.happened() == (Lines{"flight done"}), per_element);
  travel.world.advance(5s);
  travel.world.start("bank");
  BOOST_TEST(travel.outcome() == "booked");
  BOOST_TEST(travel.happened().back() == "journey completed");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(being_refused)

BOOST_AUTO_TEST_CASE_TEMPLATE(takes_back_what_was_done_in_reverse_order, Topology, Topologies) {
  Travel travel{Topology::passage};
  travel.refuse("rooms.reserve.v1");
  BOOST_REQUIRE(travel.book().ok());
  BOOST_TEST(travel.outcome() == "test.no");
  BOOST_TEST(travel.happened() == (Lines{"flight done", "payment done", "mail done", "room refused",
                                         "mail kept", "payment undone", "flight undone", "journey failed"}),
             per_element);
  BOOST_TEST(travel.times<Refund>() == 1);
  BOOST_TEST(travel.times<CancelFlight>() == 1);
  BOOST_TEST(travel.times<CancelRoom>() == 0);
}

BOOST_AUTO_TEST_CASE(at_the_first_step_fails_at_once) {
  Travel travel;
  travel.refuse("flights.reserve.v1");
  BOOST_REQUIRE(travel.book().ok());
  BOOST_TEST(travel.outcome() == "test.no");
  BOOST_TEST(travel.happened() == (Lines{"flight refused", "journey failed"}), per_element);
  BOOST_TEST(travel.times<CancelFlight>() == 0);
}

BOOST_AUTO_TEST_CASE(for_now_only_is_asked_again) {
  Travel travel;
  int asked = 0;
  travel.script["bank.charge.v1"] = [&]() -> Status {
    return ++asked == 1 ? Status{Error{Errc::conflict, "test.locked"}} : success();
  };
  BOOST_REQUIRE(travel.book().ok());
  BOOST_TEST(travel.outcome() == "");
  travel.world.advance(10s);
  BOOST_TEST(travel.outcome() == "booked");
  BOOST_TEST(travel.happened() == (Lines{"flight done", "payment refused", "payment timed_out",
                                         "payment done", "mail done", "room done", "journey completed"}),
             per_element);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(without_an_answer)

BOOST_AUTO_TEST_CASE(sends_the_command_again_and_finally_takes_back_the_doubtful_step_too) {
  Travel travel;
  travel.world.stop("bank");
  BOOST_REQUIRE(travel.book().ok());
  travel.world.advance(31s);
  BOOST_TEST(travel.happened() ==
                 (Lines{"flight done", "payment timed_out", "payment timed_out", "payment timed_out"}),
             per_element);
  travel.world.start("bank");
  BOOST_TEST(travel.outcome() == "saga.step_timed_out");
  BOOST_TEST(travel.times<Charge>() == 0);
  BOOST_TEST(travel.times<Refund>() == 1);
  BOOST_TEST(travel.times<CancelFlight>() == 1);
}

BOOST_AUTO_TEST_CASE(notes_replies_that_come_too_late_and_goes_on) {
  Travel travel;
  travel.world.stop("bank");
  BOOST_REQUIRE(travel.book().ok());
  travel.world.advance(31s);
  travel.world.start("bank");
  BOOST_TEST(travel.happened() == (Lines{"flight done", "payment timed_out", "payment timed_out",
                                         "payment timed_out", "payment late", "payment late", "payment late",
                                         "payment undone", "flight undone", "journey failed"}),
             per_element);
}

BOOST_AUTO_TEST_CASE(one_attempt_that_is_answered_is_enough) {
  Travel travel;
  travel.world.stop("bank");
  BOOST_REQUIRE(travel.book().ok());
  travel.world.advance(15s);
  travel.world.start("bank");
  BOOST_TEST(travel.outcome() == "booked");
  BOOST_TEST(travel.times<Charge>() == 1);
}

BOOST_AUTO_TEST_CASE(takes_back_again_and_again_until_it_succeeds) {
  Travel travel;
  travel.refuse("rooms.reserve.v1");
  int asked = 0;
  travel.script["bank.refund.v1"] = [&]() -> Status {
    return ++asked <= 3 ? Status{Error{Errc::rejected, "test.closed"}} : success();
  };
  BOOST_REQUIRE(travel.book().ok());
  BOOST_TEST(travel.outcome() == "");
  travel.world.advance(10min, 1s);
  BOOST_TEST(travel.outcome() == "test.no");
  BOOST_TEST(asked == 4);
  BOOST_TEST(travel.times<Refund>() == 1);
  BOOST_TEST(travel.times<CancelFlight>() == 1);
}

BOOST_AUTO_TEST_CASE(a_partner_that_breaks_down_delays_taking_back) {
  Travel travel;
  travel.refuse("rooms.reserve.v1");
  travel.script["bank.refund.v1"] = []() -> Status { throw std::runtime_error("the bank burns"); };
  BOOST_REQUIRE(travel.book().ok());
  travel.world.advance(2s);
  BOOST_TEST(travel.outcome() == "");
  travel.script.erase("bank.refund.v1");
  travel.world.advance(1min, 1s);
  BOOST_TEST(travel.outcome() == "test.no");
  BOOST_TEST(travel.times<CancelFlight>() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(aborting)

BOOST_AUTO_TEST_CASE(takes_back_when_the_answer_is_in_that_it_waits_for) {
  Travel travel;
  travel.world.stop("bank");
  BOOST_REQUIRE(travel.book().ok());
  BOOST_TEST(travel.abort_it());
  BOOST_TEST(travel.outcome() == "");
  travel.world.start("bank");
  BOOST_TEST(travel.outcome() == "agency.changed_mind");
  BOOST_TEST(travel.happened() == (Lines{"flight done", "payment done", "journey aborted", "payment undone",
                                         "flight undone", "journey failed"}),
             per_element);
}

BOOST_AUTO_TEST_CASE(takes_back_the_doubtful_step_too_when_the_answer_is_overdue) {
  Travel travel;
  travel.world.stop("bank");
  BOOST_REQUIRE(travel.book().ok());
  BOOST_TEST(travel.abort_it());
  travel.world.advance(11s);
  travel.world.start("bank");
  BOOST_TEST(travel.outcome() == "agency.changed_mind");
  BOOST_TEST(travel.times<Refund>() == 1);
}

BOOST_AUTO_TEST_CASE(is_the_reason_also_when_the_step_is_refused_anyway) {
  Travel travel;
  travel.world.stop("bank");
  travel.refuse("bank.charge.v1");
  BOOST_REQUIRE(travel.book().ok());
  BOOST_TEST(travel.abort_it());
  travel.world.start("bank");
  BOOST_TEST(travel.outcome() == "agency.changed_mind");
}

BOOST_AUTO_TEST_CASE(works_at_the_last_step) {
  Travel travel;
  travel.world.stop("rooms");
  BOOST_REQUIRE(travel.book().ok());
  BOOST_TEST(travel.abort_it());
  travel.world.start("rooms");
  BOOST_TEST(travel.outcome() == "agency.changed_mind");
  BOOST_TEST(travel.times<CancelRoom>() == 1);
  BOOST_TEST(travel.times<Refund>() == 1);
}

BOOST_AUTO_TEST_CASE(is_of_no_use_before_the_start_while_it_goes_back_or_after_the_end) {
  Travel travel;
  BOOST_TEST(!travel.abort_it());
  travel.refuse("rooms.reserve.v1");
  travel.refuse("bank.refund.v1");
  BOOST_REQUIRE(travel.book().ok());
  BOOST_TEST(!travel.abort_it());
  travel.script.clear();
  travel.world.advance(1min);
  BOOST_TEST(travel.outcome() == "test.no");
  BOOST_TEST(!travel.abort_it());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(watching)

BOOST_AUTO_TEST_CASE(a_saga_beyond_its_deadline_is_shown_as_stuck) {
  Travel travel;
  travel.refuse("rooms.reserve.v1");
  travel.refuse("bank.refund.v1");
  const Timestamp began = travel.world.clock().utc();
  BOOST_REQUIRE(travel.book().ok());
  const auto stuck_now = [&] {
    std::vector<Progress> all;
    const Age now = travel.world.instance("agency").moment().age;
    travel.world.inspect("agency", [&](View& view) { all = stuck(view, now, 10); });
    return all;
  };
  BOOST_TEST(stuck_now().empty());
  travel.world.advance(6min, 1s);
  const auto all = stuck_now();
  BOOST_REQUIRE(all.size() == 1U);
  BOOST_TEST(all[0].saga == "journey");
  BOOST_TEST((all[0].id == id_of(travel.key)));
  BOOST_TEST(all[0].status == "compensating");
  BOOST_TEST(all[0].step == 1);
  BOOST_TEST((all[0].started_at == began));
}

BOOST_AUTO_TEST_CASE(activity_counts_what_is_under_way) {
  Travel travel;
  travel.world.stop("bank");
  const Age began = travel.world.instance("agency").moment().age;
  BOOST_REQUIRE(travel.book().ok());
  const auto now = [&] {
    Activity found;
    travel.world.inspect("agency", [&](View& view) { found = activity(view); });
    return found;
  };
  BOOST_TEST(now().count == 1);
  BOOST_TEST((now().oldest == began));
  travel.world.start("bank");
  BOOST_TEST(now().count == 0);
  BOOST_TEST(!now().oldest);
}

BOOST_AUTO_TEST_SUITE_END()
