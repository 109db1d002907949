#define BOOST_TEST_MODULE remote_incoming
#include <boost/test/unit_test.hpp>

#include "incoming.hpp"
#include "messages.hpp"

using namespace banyan;
using namespace banyan::remote;

namespace {

const Uuid epoch = test_id(200);

/// One end of a link, and what it tells the others.
struct Receiving : IncomingPort {
  void begin(std::uint64_t seq = 0) {
    incoming.resume(at(seq));
    incoming.heard(wishes.back());
    reports.clear();
  }
  /// Row `seq`, which follows `after`, at the next place of the stream.
  void arrive(std::uint64_t seq, std::uint64_t after, Uuid of = epoch) {
    ++stream_sequence;
    arrive_at(stream_sequence, seq, after, of);
  }
  void arrive_at(std::uint64_t place, std::uint64_t seq, std::uint64_t after, Uuid of = epoch) {
    incoming.arrived({place, ++consumer_sequence, std::to_string(place)},
                     {.epoch = of, .after = after, .delivery = changed(seq)});
  }
  static delivery::Position at(std::uint64_t seq) {
    return seq == 0 ? delivery::Position{}
                    : delivery::Position{.epoch = epoch, .seq = seq, .hash = hash_of(seq)};
  }
  std::vector<std::uint64_t> delivered() const {
    std::vector<std::uint64_t> all;
    for (const delivery::Batch& batch : batches) {
      for (const delivery::Delivery& delivery : batch.deliveries) all.push_back(delivery.seq);
    }
    return all;
  }
  void pass(Duration time) {
    clock.advance(time);
    incoming.tick();
  }

  void deliver(delivery::Batch batch) override { batches.push_back(std::move(batch)); }
  void report(const Report& report, std::uint64_t wish) override {
    reports.push_back(report);
    wishes.push_back(wish);
  }
  void acknowledge(const std::string& reply) override { acknowledged.push_back(reply); }

  using Numbers = std::vector<std::uint64_t>;
  using Texts = std::vector<std::string>;
  std::vector<delivery::Batch> batches;
  std::vector<Report> reports;
  std::vector<std::uint64_t> wishes;
  Texts acknowledged;
  std::uint64_t stream_sequence = 0;
  std::uint64_t consumer_sequence = 0;

  testing::ManualClock clock;
  telemetry::Registry registry;
  LinkMetrics metrics{registry, "counter", "mirror"};
  Incoming incoming{"counter", "mirror", {.batch_max = 4, .report_rows = 4}, clock, metrics, *this};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(the_feed, Receiving)

BOOST_AUTO_TEST_CASE(is_handed_over_in_batches_that_say_what_they_follow) {
  begin();
  for (const auto& [seq, after] : {std::pair{1U, 0U}, {2U, 1U}, {4U, 2U}, {5U, 4U}, {8U, 5U}})
    arrive(seq, after);
  BOOST_TEST(batches.size() == 1U);
  incoming.paused();
  incoming.paused();
  BOOST_TEST(delivered() == (Numbers{1, 2, 4, 5, 8}), boost::test_tools::per_element());
  BOOST_REQUIRE(batches.size() == 2U);
  BOOST_TEST(batches[0].after == 0U);
  BOOST_TEST(batches[1].after == 5U);
  BOOST_TEST((batches[1].epoch == epoch));
  BOOST_TEST(batches[1].producer == "counter");
}

BOOST_AUTO_TEST_CASE(is_alarmed_by_rows_of_another_log_until_none_has_come_for_ten_seconds) {
  begin(5);
  arrive(8, 5);
  BOOST_TEST(!incoming.describe().second_log);
  arrive(9, 8, test_id(201));
  incoming.paused();
  BOOST_TEST(delivered() == (Numbers{8}), boost::test_tools::per_element());
  BOOST_TEST((incoming.describe().second_log == test_id(201)));
  BOOST_TEST(!incoming.describe().is_flowing);
  arrive(9, 8);
  incoming.paused();
  BOOST_TEST(delivered() == (Numbers{8, 9}), boost::test_tools::per_element());
  BOOST_TEST(incoming.describe().second_log.has_value());
  clock.advance(std::chrono::seconds{10});
  BOOST_TEST(!incoming.describe().second_log);
}

BOOST_AUTO_TEST_CASE(tells_its_own_log) {
  Incoming telling{"counter", "mirror", {.log = test_id(7)}, clock, metrics, *this};
  telling.resume(at(1));
  BOOST_REQUIRE(!reports.empty());
  BOOST_TEST((reports.back().log == test_id(7)));
}

BOOST_AUTO_TEST_CASE(goes_on_from_the_position_of_the_writer) {
  begin(5);
  arrive(4, 2);
  arrive(8, 5);
  incoming.paused();
  BOOST_TEST(delivered() == (Numbers{8}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(goes_back_when_the_writer_does) {
  begin();
  arrive(1, 0);
  arrive(2, 1);
  incoming.paused();
  arrive(3, 2);
  incoming.resume(at(1));
  incoming.paused();
  arrive(2, 1);
  arrive(3, 2);
  incoming.paused();
  BOOST_TEST(delivered() == (Numbers{1, 2, 2, 3}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(goes_back_beyond_what_is_not_confirmed_and_confirms_again_what_is_before_that) {
  begin(10);
  arrive(11, 10);
  incoming.paused();
  incoming.resume(at(0));  // rewound
  for (std::uint64_t seq = 1; seq <= 4; ++seq) arrive(seq, seq - 1);
  reports.clear();
  incoming.confirm(4);
  BOOST_REQUIRE(!reports.empty());
  BOOST_TEST((reports.back().position == at(4)));
}

BOOST_AUTO_TEST_CASE(does_not_stand_behind_what_the_writer_has_kept_after_all) {
  begin();
  arrive(1, 0);
  arrive(2, 1);
  incoming.paused();
  incoming.resume(at(1));
  incoming.confirm(2);
  arrive(3, 2);
  incoming.paused();
  BOOST_TEST(delivered() == (Numbers{1, 2, 3}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(leaves_repeats_out) {
  begin();
  arrive(1, 0);
  arrive(1, 0);
  arrive(2, 1);
  arrive(1, 0);
  incoming.paused();
  BOOST_TEST(delivered() == (Numbers{1, 2}), boost::test_tools::per_element());
  BOOST_TEST(metrics.dropped.value() == 2U);
  pass(100ms);
  BOOST_TEST(reports.empty());
}

BOOST_AUTO_TEST_CASE(leaves_out_what_is_of_another_log_and_asks_the_producer) {
  begin(5);
  arrive(8, 5, test_id(201));
  incoming.paused();
  BOOST_TEST(batches.empty());
  pass(1s);
  BOOST_REQUIRE(reports.size() == 1U);
  BOOST_TEST(reports[0].resume);
}

BOOST_AUTO_TEST_CASE(begins_with_the_log_that_the_position_before_its_first_row_names) {
  incoming.resume({.epoch = epoch});
  arrive(1, 0, test_id(201));
  arrive(1, 0);
  incoming.paused();
  BOOST_TEST(delivered() == (Numbers{1}), boost::test_tools::per_element());
  BOOST_TEST((batches[0].epoch == epoch));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(a_hole, Receiving)

BOOST_AUTO_TEST_CASE(makes_it_drop_what_follows_and_ask_once_a_second_until_it_is_heard) {
  begin();
  arrive(1, 0);
  arrive(3, 2);
  arrive(4, 3);
  incoming.paused();
  BOOST_TEST(delivered() == (Numbers{1}), boost::test_tools::per_element());
  incoming.tick();
  BOOST_TEST(reports.empty());  // it asked a moment ago, when it began
  for (int i = 0; i < 20; ++i) pass(100ms);
  BOOST_REQUIRE(reports.size() == 2U);
  BOOST_TEST((reports[0] == Report{.position = {}, .received = 1, .resume = true}));
  incoming.heard(wishes.back());
  pass(1s);
  BOOST_REQUIRE(reports.size() == 3U);
  BOOST_TEST(!reports.back().resume);
}

BOOST_AUTO_TEST_CASE(that_opened_after_the_producer_was_asked_is_asked_for_anew) {
  begin();
  arrive(3, 2);
  pass(1s);
  const std::uint64_t wish = wishes.back();
  arrive(5, 4);
  incoming.heard(wish);
  pass(1s);
  BOOST_TEST(reports.back().resume);
}

BOOST_AUTO_TEST_CASE(is_forgotten_when_the_feed_goes_on) {
  begin();
  arrive(3, 2);
  arrive(1, 0);
  pass(1s);
  BOOST_TEST(!reports.back().resume);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(what_is_confirmed, Receiving)

BOOST_AUTO_TEST_CASE(is_acknowledged_up_to_the_last_message_and_reported_soon) {
  begin();
  for (std::uint64_t seq = 1; seq <= 3; ++seq) arrive(seq, seq - 1);
  incoming.paused();
  BOOST_TEST(acknowledged.empty());
  incoming.confirm(2);
  BOOST_TEST(acknowledged == (Texts{"2"}), boost::test_tools::per_element());
  BOOST_TEST(reports.empty());
  pass(100ms);
  BOOST_REQUIRE(reports.size() == 1U);
  BOOST_TEST((reports[0] == Report{.position = at(2), .received = 3, .resume = false}));
  incoming.confirm(1);
  incoming.confirm(2);
  pass(100ms);
  BOOST_TEST(reports.size() == 1U);
}

BOOST_AUTO_TEST_CASE(is_reported_at_once_when_it_is_much) {
  begin();
  for (std::uint64_t seq = 1; seq <= 5; ++seq) arrive(seq, seq - 1);
  incoming.confirm(5);
  BOOST_TEST(reports.size() == 1U);
}

BOOST_AUTO_TEST_CASE(is_reported_again_and_again_even_if_nothing_happens) {
  begin();
  for (int i = 0; i < 50; ++i) pass(100ms);
  BOOST_TEST(reports.size() == 5U);
}

BOOST_AUTO_TEST_CASE(is_reported_with_the_next_tick_to_a_producer_that_asks_and_once_however_often_it_asks) {
  incoming.invited();
  pass(50ms);
  BOOST_TEST(reports.empty());  // it does not know itself yet
  incoming.resume(at(5));
  reports.clear();
  for (int i = 0; i < 100; ++i) incoming.invited();
  BOOST_TEST(reports.empty());
  pass(50ms);
  BOOST_REQUIRE(reports.size() == 1U);
  BOOST_TEST((reports[0] == Report{.position = at(5), .received = 5, .resume = true}));
  incoming.heard(wishes.back());
  incoming.invited();
  pass(50ms);
  BOOST_REQUIRE(reports.size() == 2U);
  BOOST_TEST(!reports[1].resume);
  for (int i = 0; i < 19; ++i) pass(50ms);
  BOOST_TEST(reports.size() == 2U);
}

BOOST_AUTO_TEST_CASE(is_not_flowing_when_the_producer_hears_nothing) {
  BOOST_TEST(!incoming.describe().is_flowing);
  begin(5);
  BOOST_TEST(incoming.describe().is_flowing);
  BOOST_TEST(incoming.describe().passed == 5U);
  for (int i = 0; i < 3; ++i) {
    pass(2s);
    BOOST_TEST(incoming.describe().is_flowing);
    incoming.heard(wishes.back());
  }
  pass(4s);
  BOOST_TEST(!incoming.describe().is_flowing);
}

BOOST_AUTO_TEST_CASE(is_reported_when_the_connection_is_back_and_when_it_ends) {
  begin();
  arrive(1, 0);
  incoming.paused();
  incoming.connected();
  BOOST_TEST(reports.size() == 1U);
  incoming.confirm(1);
  incoming.flush();
  incoming.flush();
  BOOST_TEST(reports.size() == 2U);
}

BOOST_AUTO_TEST_CASE(includes_what_nobody_can_use) {
  begin();
  arrive(1, 0);
  incoming.refused({++stream_sequence, ++consumer_sequence, "2"});
  arrive(7, 6);
  incoming.paused();
  BOOST_TEST(metrics.alarms.value() == 1U);
  BOOST_TEST(acknowledged.empty());
  incoming.confirm(1);
  BOOST_TEST(acknowledged == (Texts{"3"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(is_acknowledged_again_when_the_acknowledgement_was_lost) {
  begin();
  arrive(1, 0);
  arrive(2, 1);
  incoming.confirm(2);
  arrive_at(1, 1, 0);
  arrive_at(2, 2, 1);
  incoming.paused();
  BOOST_TEST(acknowledged == (Texts{"2", "2"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(is_not_held_twice_while_it_waits) {
  begin();
  arrive(1, 0);
  arrive(2, 1);
  arrive_at(1, 1, 0);
  arrive_at(2, 2, 1);
  arrive(3, 2);
  incoming.confirm(2);
  incoming.confirm(3);
  BOOST_TEST(acknowledged == (Texts{"2", "3"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(is_acknowledged_although_the_writer_went_back_before_what_came_earlier) {
  begin(10);
  arrive(11, 10);
  incoming.resume(at(0));  // rewound: row 11 comes again, long after row 1
  arrive(1, 0);
  incoming.paused();
  incoming.confirm(1);
  BOOST_REQUIRE(!acknowledged.empty());
  BOOST_TEST(acknowledged.back() == std::to_string(stream_sequence));
}

BOOST_AUTO_TEST_CASE(is_not_acknowledged_to_a_stream_that_was_made_anew) {
  begin();
  for (std::uint64_t seq = 1; seq <= 3; ++seq) arrive(seq, seq - 1);
  stream_sequence = consumer_sequence = 0;
  arrive(3, 2);
  incoming.confirm(3);
  BOOST_TEST(acknowledged == (Texts{"1"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
