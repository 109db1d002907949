#define BOOST_TEST_MODULE remote_stream_publisher
#include <boost/test/unit_test.hpp>

#include "banyan/telemetry/log_sinks.hpp"
#include "banyan/testing/seeded_random.hpp"
#include "messages.hpp"
#include "stream_publisher.hpp"

using namespace banyan;
using namespace banyan::remote;

namespace {

const Uuid epoch = test_id(200);

/// A publisher with two links, and what it asks of the others.
struct Publishing : StreamPort {
  Publishing() {
    publisher.add_link("mirror", LinkMetrics{registry, "counter", "mirror"});
    publisher.add_link("other", LinkMetrics{registry, "counter", "other"});
  }

  /// The stream ends at `last`, and both subscribers have told where they are.
  void begin(std::uint64_t last) {
    publisher.connected();
    publisher.found(attempts.back(), last);
    publisher.reported(0, at(0));
    publisher.reported(1, at(0));
    resumed.clear();
  }
  void publish(std::uint64_t after, std::vector<std::uint64_t> rows, std::size_t link = 0,
               std::size_t bytes = 0) {
    std::vector<Encoded> messages;
    for (const std::uint64_t seq : rows)
      messages.push_back({.seq = seq, .hash = hash_of(seq), .headers = {}, .body = std::string(bytes, 'x')});
    publisher.publish(link, epoch, after, std::move(messages));
  }
  void acknowledge(std::size_t index, std::uint64_t sequence, bool duplicate = false) {
    publisher.stored(tickets.at(index),
                     nats::PubAck{.stream = "EVT_counter", .sequence = sequence, .duplicate = duplicate});
  }
  void fail(std::size_t index, std::string_view reason = "nats.wrong_last_sequence",
            Errc code = Errc::conflict) {
    publisher.stored(tickets.at(index), Error{code, reason});
  }
  /// The stream is not there when it is asked for within this time.
  void miss(Duration time) {
    clock.advance(time);
    const std::size_t before = attempts.size();
    publisher.tick();
    if (attempts.size() > before) publisher.found(attempts.back(), Error{Errc::not_found, "nats.no_stream"});
  }
  std::size_t warnings() const { return sink.lines().size(); }
  static Report at(std::uint64_t seq, std::uint64_t received = 0) {
    return {.position = {.epoch = seq == 0 ? Uuid{} : epoch, .seq = seq, .hash = hash_of(seq)},
            .received = std::max(seq, received)};
  }
  std::vector<std::uint64_t> expectations() const {
    std::vector<std::uint64_t> all;
    for (const Ticket& ticket : tickets) all.push_back(ticket.expected);
    return all;
  }
  bool is_lost() const {
    std::vector<LinkHealth> links;
    publisher.describe(links);
    return !links.front().is_flowing;
  }

  void store(const Ticket& ticket, std::string id, Encoded) override {
    tickets.push_back(ticket);
    ids.push_back(std::move(id));
  }
  void find(std::uint64_t attempt) override { attempts.push_back(attempt); }
  void resume(std::size_t link, const delivery::Position& position) override {
    resumed.emplace_back(link, position.seq);
  }
  void confirm(std::size_t link, std::uint64_t seq) override { confirmed.emplace_back(link, seq); }

  void invite(std::size_t link) override { invited.push_back(link); }

  using Marks = std::vector<std::pair<std::size_t, std::uint64_t>>;
  std::vector<Ticket> tickets;
  std::vector<std::string> ids;
  std::vector<std::uint64_t> attempts;
  Marks resumed;
  Marks confirmed;
  std::vector<std::size_t> invited;

  testing::ManualClock clock;
  testing::SeededRandom random{1};
  telemetry::Registry registry;
  telemetry::CapturedLog sink;
  telemetry::Counter resyncs = registry.counter(telemetry::names::stream_resyncs, {{"producer", "counter"}});
  StreamPublisher publisher{"counter",
                            {.window = 4, .window_bytes = 1000},
                            clock,
                            random,
                            telemetry::Log{sink, clock, "test", telemetry::Level::warning},
                            resyncs,
                            *this};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(publishing, Publishing)

BOOST_AUTO_TEST_CASE(begins_when_broker_stream_and_subscriber_are_known_in_any_order) {
  publisher.reported(0, at(3));
  BOOST_TEST(attempts.empty());
  publisher.connected();
  BOOST_TEST(attempts.size() == 1U);
  BOOST_TEST(resumed.empty());
  publisher.found(attempts.back(), std::uint64_t{7});
  BOOST_TEST((resumed == Marks{{0, 3}}));
  publisher.reported(1, at(5));
  BOOST_TEST((resumed == Marks{{0, 3}, {1, 5}}));
}

BOOST_AUTO_TEST_CASE(is_alarmed_by_two_stores_that_report_as_one_subscriber_until_one_is_silent) {
  begin(0);
  const auto from = [&](std::uint8_t store) {
    Report report = at(0);
    report.log = test_id(store);
    publisher.reported(0, report);
  };
  from(1);
  from(2);
  BOOST_TEST(!is_lost());  // it may have been replaced
  BOOST_TEST(warnings() == 0U);
  from(1);
  BOOST_TEST(is_lost());
  BOOST_TEST(warnings() == 1U);
  from(2);
  std::vector<LinkHealth> links;
  publisher.describe(links);
  BOOST_TEST((links[0].second_log == test_id(1)));
  BOOST_TEST(!links[1].second_log);
  clock.advance(std::chrono::seconds{10});
  from(2);
  BOOST_TEST(!is_lost());
}

BOOST_AUTO_TEST_CASE(asks_those_to_report_that_were_not_heard_once_it_can_use_it) {
  publisher.reported(1, at(5));
  publisher.connected();
  BOOST_TEST(invited.empty());
  publisher.found(attempts.back(), std::uint64_t{7});
  BOOST_TEST(invited == (std::vector<std::size_t>{0}), boost::test_tools::per_element());
  publisher.reported(0, at(3));
  publisher.disconnected();
  publisher.connected();
  publisher.found(attempts.back(), std::uint64_t{7});
  BOOST_TEST(invited.size() == 1U);
}

BOOST_AUTO_TEST_CASE(says_of_each_message_after_which_one_it_comes_and_keeps_to_the_window) {
  begin(10);
  publish(0, {1, 2, 5});
  publish(0, {1, 2}, 1);
  BOOST_TEST(expectations() == (std::vector<std::uint64_t>{10, 11, 12, 13}),
             boost::test_tools::per_element());
  acknowledge(0, 11);
  BOOST_TEST(tickets.size() == 5U);
  BOOST_TEST(tickets.back().expected == 14U);
  BOOST_TEST(tickets.back().link == 1U);
}

BOOST_AUTO_TEST_CASE(keeps_to_the_bytes_of_the_window_but_lets_one_pass) {
  begin(0);
  publish(0, {1, 2, 3}, 0, 400);
  publish(3, {4}, 0, 2000);
  BOOST_TEST(tickets.size() == 2U);
  acknowledge(0, 1);
  BOOST_TEST(tickets.size() == 3U);
  acknowledge(1, 2);
  BOOST_TEST(tickets.size() == 3U);
  acknowledge(2, 3);
  BOOST_TEST(tickets.size() == 4U);
  publish(4, {5});
  BOOST_TEST(tickets.size() == 4U);
  fail(3);  // what was under way does not count any more
  publisher.tick();
  publisher.found(attempts.back(), std::uint64_t{3});
  publish(0, {4, 5}, 0, 400);
  BOOST_TEST(tickets.size() == 6U);
}

BOOST_AUTO_TEST_CASE(gives_each_message_an_id_that_is_new_with_each_start) {
  begin(0);
  publish(0, {1});
  publisher.reported(0, {.position = {}, .received = 0, .resume = true});
  publish(0, {1});
  const std::string stem = "counter:" + to_string(epoch) + ":mirror:1:r";
  BOOST_TEST(ids.at(0).starts_with(stem));
  BOOST_TEST(ids.at(1).starts_with(stem));
  BOOST_TEST(ids.at(0) != ids.at(1));
}

BOOST_AUTO_TEST_CASE(takes_nothing_beyond_a_hole_and_lets_repeats_pass) {
  begin(0);
  publish(3, {4, 5});
  BOOST_TEST(tickets.empty());
  publish(0, {1, 2});
  publish(0, {1, 2, 3});
  BOOST_TEST(tickets.size() == 4U);
}

BOOST_AUTO_TEST_CASE(hands_confirmations_on) {
  begin(0);
  publish(0, {1, 2});
  confirmed.clear();
  publisher.reported(0, at(1, 2));
  BOOST_TEST((confirmed == Marks{{0, 1}}));
  BOOST_TEST(resumed.empty());
}

BOOST_AUTO_TEST_CASE(starts_a_link_again_when_its_subscriber_asks) {
  begin(0);
  publish(0, {1, 2, 3});
  Report report = at(1);
  report.resume = true;
  publisher.reported(0, report);
  BOOST_TEST((resumed == Marks{{0, 1}}));
  publish(3, {4});  // was on its way before the relay heard of it
  BOOST_TEST(tickets.size() == 3U);
  publish(1, {2, 3});
  BOOST_TEST(tickets.size() == 4U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(finding_the_stream_again, Publishing)

BOOST_AUTO_TEST_CASE(follows_on_every_failure_and_starts_all_links_where_their_subscribers_are) {
  begin(10);
  publish(0, {1, 2, 3});
  publisher.reported(0, at(1, 1));
  acknowledge(0, 11);
  fail(1);
  BOOST_TEST(is_lost());
  fail(2);
  BOOST_TEST(resyncs.value() == 1U);
  publisher.tick();
  BOOST_REQUIRE(attempts.size() == 2U);
  publisher.found(attempts.back(), std::uint64_t{8});
  BOOST_TEST((resumed == Marks{{0, 1}, {1, 0}}));
  publish(1, {2});
  BOOST_TEST(tickets.back().expected == 8U);
}

BOOST_AUTO_TEST_CASE(follows_on_a_duplicate_and_on_an_unexpected_place) {
  begin(10);
  publish(0, {1});
  acknowledge(0, 11, true);
  BOOST_TEST(is_lost());
  publisher.tick();
  publisher.found(attempts.back(), std::uint64_t{10});
  publish(0, {1});
  acknowledge(1, 12);
  BOOST_TEST(is_lost());
}

BOOST_AUTO_TEST_CASE(forgets_what_was_on_its_way_before) {
  begin(10);
  publish(0, {1, 2});
  fail(0);
  publisher.tick();
  publisher.found(attempts.back(), std::uint64_t{20});
  publish(0, {1, 2});
  acknowledge(1, 99);
  fail(1, "nats.timeout");
  BOOST_TEST(!is_lost());
  BOOST_TEST(tickets.at(2).expected == 20U);
}

BOOST_AUTO_TEST_CASE(is_tried_with_growing_pauses_until_it_succeeds) {
  publisher.connected();
  for (int i = 0; i < 6; ++i)
    publisher.found(attempts.back(), Error{Errc::not_found, "nats.no_stream"}), publisher.tick();
  const std::size_t tried = attempts.size();
  BOOST_TEST(tried <= 3U);
  for (int i = 0; i < 100; ++i) miss(100ms);
  BOOST_TEST(attempts.size() > tried + 4);
  BOOST_TEST(attempts.size() < tried + 40);
}

BOOST_AUTO_TEST_CASE(waits_for_the_connection) {
  begin(10);
  publish(0, {1});
  publisher.disconnected();
  clock.advance(10s);
  publisher.tick();
  publish(0, {1, 2});
  publisher.reported(0, at(1));
  BOOST_TEST(attempts.size() == 1U);
  BOOST_TEST(tickets.size() == 1U);
  publisher.connected();
  BOOST_TEST(attempts.size() == 2U);
  publisher.found(attempts.back(), std::uint64_t{11});
  BOOST_TEST((resumed == Marks{{0, 1}, {1, 0}}));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(a_warning, Publishing)

BOOST_AUTO_TEST_CASE(is_no_start_no_stop_and_no_change_of_connections) {
  begin(10);
  for (int i = 0; i < 3; ++i) {
    publish(0, {1});
    clock.advance(1h);
    fail(tickets.size() - 1, "nats.lost", Errc::unavailable);
    publisher.disconnected();
    clock.advance(1h);
    publisher.connected();
    publisher.found(attempts.back(), std::uint64_t{10});
  }
  publisher.disconnected();
  BOOST_TEST(resyncs.value() == 7U);
  BOOST_TEST(warnings() == 0U);
}

BOOST_AUTO_TEST_CASE(is_a_stream_that_is_missing_for_seconds) {
  publisher.connected();
  publisher.found(attempts.back(), Error{Errc::not_found, "nats.no_stream"});
  for (int i = 0; i < 49; ++i) miss(100ms);
  BOOST_TEST(attempts.size() > 3U);
  BOOST_TEST(warnings() == 0U);
  for (int i = 0; i < 30; ++i) miss(100ms);
  BOOST_TEST(warnings() > 0U);
}

BOOST_AUTO_TEST_CASE(comes_once_a_minute_and_says_what_is_missing_and_what_to_do) {
  publisher.connected();
  publisher.found(attempts.back(), Error{Errc::not_found, "nats.no_stream"});
  for (int i = 0; i < 1200; ++i) miss(100ms);
  BOOST_REQUIRE(warnings() == 2U);
  const std::string first = sink.lines().front();
  BOOST_TEST(first.find("EVT_counter") != std::string::npos, first);
  BOOST_TEST(first.find("banyanctl nats provision") != std::string::npos, first);
}

BOOST_AUTO_TEST_CASE(is_a_stream_that_is_found_and_takes_nothing_for_seconds) {
  begin(10);
  const auto fail_for = [this](int tenths) {
    for (int i = 0; i < tenths; ++i) {
      publish(0, {1});
      if (!is_lost()) fail(tickets.size() - 1, "nats.no_responders", Errc::unavailable);
      clock.advance(100ms);
      publisher.tick();
      publisher.found(attempts.back(), std::uint64_t{10});
    }
  };
  fail_for(45);
  while (is_lost()) fail_for(1);
  BOOST_TEST(warnings() == 0U);
  publish(0, {1});
  acknowledge(tickets.size() - 1, 11);
  fail_for(45);
  BOOST_TEST(warnings() == 0U);
  fail_for(30);
  BOOST_TEST(warnings() > 0U);
}

BOOST_AUTO_TEST_CASE(is_at_once_what_does_not_pass_by_itself) {
  begin(10);
  publish(0, {1});
  fail(0);
  BOOST_TEST(warnings() == 1U);
  publisher.tick();
  publisher.found(attempts.back(), std::uint64_t{12});
  publish(0, {1});
  acknowledge(1, 13, true);
  BOOST_TEST(warnings() == 2U);
  clock.advance(1s);
  publisher.tick();
  publisher.found(attempts.back(), Error{Errc::resource_exhausted, "nats.no_space"});
  BOOST_TEST(warnings() == 3U);
  BOOST_TEST(sink.lines().front().find("nats.wrong_last_sequence") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(reconciliation, Publishing)

BOOST_AUTO_TEST_CASE(sends_again_what_is_stored_and_does_not_arrive) {
  begin(0);
  publish(0, {1, 2});
  acknowledge(0, 1);
  acknowledge(1, 2);
  publisher.reported(0, at(0, 1));
  clock.advance(1s);
  publisher.reported(0, at(1, 1));
  BOOST_TEST(resumed.empty());
  clock.advance(1s);
  publisher.reported(0, at(1, 1));
  BOOST_TEST((resumed == Marks{{0, 1}}));
}

BOOST_AUTO_TEST_CASE(leaves_a_subscriber_in_peace_that_is_slow) {
  begin(0);
  publish(0, {1, 2});
  acknowledge(0, 1);
  acknowledge(1, 2);
  for (int i = 0; i < 10; ++i) {
    clock.advance(1s);
    publisher.reported(0, at(0, 2));
  }
  BOOST_TEST(resumed.empty());
}

BOOST_AUTO_TEST_CASE(lets_the_log_look_when_a_subscriber_has_another_row_or_follows_another_log) {
  begin(0);
  publish(0, {1, 2});
  Report other_row = at(1);
  other_row.position.hash = hash_of(77);
  publisher.reported(0, other_row);
  BOOST_TEST((resumed == Marks{{0, 1}}));
  publisher.reported(0, other_row);  // the log has said what there is to say
  BOOST_TEST(resumed.size() == 1U);
  publish(1, {2});
  Report other_log = at(2);
  other_log.position.epoch = test_id(201);
  publisher.reported(0, other_log);
  BOOST_TEST((resumed == Marks{{0, 1}, {0, 2}}));
}

BOOST_AUTO_TEST_SUITE_END()
