#define BOOST_TEST_MODULE delivery_relay
#include <boost/test/unit_test.hpp>
#include <map>
#include <optional>

#include "banyan/delivery/relay.hpp"
#include "banyan/message/undecoded.hpp"
#include "banyan/testing/sample.hpp"

using namespace banyan;
using namespace banyan::delivery;

namespace {

using Counted = testing::Sample<"counter.counted.v1", message::Kind::event>;
using Cleared = testing::Sample<"counter.cleared.v1", message::Kind::event>;
using Numbers = std::vector<std::uint64_t>;

const auto per_element = boost::test_tools::per_element();

ChainHash hash_of(std::uint64_t seq) { return {static_cast<std::byte>(seq), std::byte{1}}; }

/// Takes everything, keeps the numbers.
struct Reader final : Subscriber {
  void deliver(Batch batch) override {
    for (const Delivery& delivery : batch.deliveries) seen.push_back(delivery.seq);
    batches.push_back(std::move(batch));
  }

  Numbers seen;
  std::vector<Batch> batches;
};

/// A log in memory with a relay in front of it.
struct Log {
  explicit Log(RelayOptions with = {}) : options(with) {}

  template <class Event>
  Delivery row(std::string destination = {}) {
    message::Envelope envelope;
    envelope.destination = std::move(destination);
    auto parcel = std::make_shared<const message::Parcel>(
        message::Parcel{std::move(envelope), message::Payload::of(Event{})});
    const std::uint64_t seq = rows.size() + 1;
    rows.emplace(seq, Delivery{seq, hash_of(seq), std::move(parcel), row_bytes});
    return rows.at(seq);
  }

  /// Rows that are durable, and not handed over.
  template <class Event = Counted>
  std::vector<Delivery> write(int count) {
    std::vector<Delivery> written;
    for (int i = 0; i < count; ++i) written.push_back(row<Event>());
    return written;
  }
  template <class Event = Counted>
  void commit(int count) {
    relay->committed(write<Event>(count));
  }

  Position at(std::uint64_t seq) const { return {.epoch = epoch, .seq = seq, .hash = hash_of(seq)}; }
  Position head() const { return rows.empty() ? Position{.epoch = epoch} : at(rows.rbegin()->first); }

  void start() {
    relay.emplace(
        "counter", options, source(), head(),
        LinkTold{
            .stopped = [this](const std::string& subscriber,
                              const Error& why) { stops.push_back(subscriber + ": " + why.reason()); },
            .waits = [this](const std::string& subscriber,
                            const Error& why) { waits.push_back(subscriber + ": " + why.reason()); },
            .goes_on = [this](const std::string& subscriber) { waits.push_back(subscriber + " goes on"); }});
    subscribe("mirror", mirror);
  }
  void subscribe(std::string name, Subscriber& to) {
    relay->subscribe({.subscriber = std::move(name), .events = {&Counted::descriptor()}}, to);
  }
  LinkState link() const { return relay->links().front(); }
  std::string stopped() const { return link().stopped ? link().stopped->reason() : ""; }

  LogSource source() {
    return {.read = [this](std::uint64_t after, const PageLimits& limits) -> Result<std::vector<Delivery>> {
              ++reads;
              if (read_error) return *read_error;
              std::vector<Delivery> page;
              for (auto row = rows.upper_bound(after);
                   row != rows.end() && std::ssize(page) < limits.rows &&
                   (page.empty() || (page.size() + 1) * row_bytes <= limits.bytes);
                   ++row) {
                page.push_back(row->second);
              }
              return page;
            },
            .known = [this](const std::string&, std::uint64_t seq) -> Result<Known> {
              if (read_error) return *read_error;
              return Known{rows.contains(seq) ? std::optional{rows.at(seq).hash} : std::nullopt, seen};
            }};
  }

  Uuid epoch{{std::byte{1}}};
  std::map<std::uint64_t, Delivery> rows;
  std::size_t row_bytes = 0;  // of those that are made from now on
  int reads = 0;
  std::optional<Error> read_error;
  std::optional<Seen> seen;
  std::vector<std::string> stops;  // as they were told
  std::vector<std::string> waits;
  Reader mirror;
  RelayOptions options;
  std::optional<Relay> relay;
};

Numbers from_to(std::uint64_t first, std::uint64_t last) {
  Numbers all;
  for (std::uint64_t i = first; i <= last; ++i) all.push_back(i);
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(an_interest)

BOOST_AUTO_TEST_CASE(covers_events_also_where_their_bodies_can_not_be_decoded) {
  const Interest interest{.subscriber = "mirror", .events = {&Counted::descriptor()}};
  const auto covers = [&](const message::Descriptor* known, std::string destination) {
    message::Parcel parcel;
    parcel.envelope.destination = std::move(destination);
    parcel.payload = message::decode_or_keep(known, "counter.counted.v1", "{}");
    return interest.covers(parcel);
  };
  BOOST_TEST(covers(&Counted::descriptor(), ""));
  BOOST_TEST(!covers(&Cleared::descriptor(), ""));
  BOOST_TEST(!covers(nullptr, ""));
  BOOST_TEST(covers(nullptr, "mirror"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(handing_on)

BOOST_AUTO_TEST_CASE(gives_nothing_to_a_subscriber_that_has_not_asked) {
  Log log;
  log.start();
  log.commit(3);
  BOOST_TEST(log.mirror.seen.empty());
  BOOST_TEST(log.relay->confirmed_by_all() == 0U);
}

BOOST_AUTO_TEST_CASE(gives_what_was_committed_in_order_and_from_memory) {
  Log log;
  log.start();
  log.relay->resume("mirror", {});
  log.commit(3);
  log.commit(2);
  BOOST_TEST(log.mirror.seen == from_to(1, 5), per_element);
  BOOST_TEST(log.reads == 0);
}

BOOST_AUTO_TEST_CASE(says_in_each_batch_what_came_before_it) {
  Log log;
  log.start();
  log.relay->resume("mirror", {});
  log.commit(2);
  log.commit<Cleared>(2);
  log.commit(1);
  BOOST_REQUIRE(log.mirror.batches.size() == 2U);
  BOOST_TEST(log.mirror.batches[0].after == 0U);
  BOOST_TEST(log.mirror.batches[1].after == 2U);
  BOOST_TEST(log.mirror.batches[1].producer == "counter");
  BOOST_TEST((log.mirror.batches[1].epoch == log.epoch));
}

BOOST_AUTO_TEST_CASE(gives_events_to_who_listens_and_other_messages_to_their_destination) {
  Log log;
  log.start();
  log.relay->resume("mirror", {});
  log.relay->committed(std::vector{log.row<Counted>(), log.row<Cleared>(), log.row<Cleared>("mirror"),
                                   log.row<Counted>("another")});
  BOOST_TEST(log.mirror.seen == (Numbers{1, 3}), per_element);
}

BOOST_AUTO_TEST_CASE(has_no_more_under_way_than_its_credit) {
  Log log{{.credit = 3}};
  log.start();
  log.relay->resume("mirror", {});
  log.commit(10);
  BOOST_TEST(log.mirror.seen == from_to(1, 3), per_element);
  BOOST_TEST(log.link().under_way == 3U);
  log.relay->confirm("mirror", 2);
  BOOST_TEST(log.mirror.seen == from_to(1, 5), per_element);
  BOOST_TEST(log.link().under_way == 3U);
}

BOOST_AUTO_TEST_CASE(has_no_more_bytes_under_way_than_its_credit) {
  Log log{{.credit_bytes = 1000}};
  log.row_bytes = 300;
  log.start();
  log.relay->resume("mirror", {});
  log.commit(10);
  BOOST_TEST(log.mirror.seen == from_to(1, 3), per_element);
  log.relay->confirm("mirror", 2);
  BOOST_TEST(log.mirror.seen == from_to(1, 5), per_element);
  log.relay->resume("mirror", log.at(4));  // what was under way then does not count any more
  BOOST_TEST(log.mirror.seen == (Numbers{1, 2, 3, 4, 5, 5, 6, 7}), per_element);
  BOOST_TEST(log.reads == 1);
}

BOOST_AUTO_TEST_CASE(gives_one_that_is_larger_than_its_credit_alone) {
  Log log{{.credit_bytes = 1000, .window_bytes_max = 1000, .page = {.bytes = 1000}}};
  log.start();
  log.relay->resume("mirror", {});
  log.row_bytes = 2000;
  log.commit(2);
  log.row_bytes = 10;
  log.commit(2);
  for (std::uint64_t seq = 1; seq <= 2; ++seq) {
    BOOST_TEST(log.mirror.seen == from_to(1, seq), per_element);
    BOOST_TEST(log.link().under_way == 1U);
    log.relay->confirm("mirror", seq);
  }
  BOOST_TEST(log.mirror.seen == from_to(1, 4), per_element);
}

BOOST_AUTO_TEST_CASE(an_old_or_strange_confirmation_does_no_harm) {
  Log log{{.credit = 3}};
  log.start();
  log.relay->confirm("mirror", 7);
  log.relay->resume("mirror", {});
  log.commit(5);
  log.relay->confirm("mirror", 0);
  log.relay->confirm("stranger", 5);
  log.relay->resume("stranger", {});
  BOOST_TEST(log.mirror.seen == from_to(1, 3), per_element);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(catching_up)

BOOST_AUTO_TEST_CASE(reads_what_was_there_before_it_started) {
  Log log{{.page = {.rows = 4}}};
  log.write(10);
  log.start();
  log.relay->resume("mirror", {});
  BOOST_TEST(log.mirror.seen == from_to(1, 10), per_element);
  log.commit(1);
  BOOST_TEST(log.mirror.seen == from_to(1, 11), per_element);
}

BOOST_AUTO_TEST_CASE(goes_on_after_the_position_that_the_subscriber_has) {
  Log log;
  log.write(10);
  log.start();
  log.relay->resume("mirror", log.at(7));
  BOOST_TEST(log.mirror.seen == from_to(8, 10), per_element);
  BOOST_TEST(log.mirror.batches.front().after == 7U);
}

BOOST_AUTO_TEST_CASE(gives_again_what_is_asked_for_again) {
  Log log;
  log.start();
  log.relay->resume("mirror", {});
  log.commit(4);
  log.relay->resume("mirror", log.at(2));
  BOOST_TEST(log.mirror.seen == (Numbers{1, 2, 3, 4, 3, 4}), per_element);
}

BOOST_AUTO_TEST_CASE(reads_again_what_its_memory_has_no_room_for) {
  Log log{{.credit = 2, .window_max = 4}};
  log.start();
  log.relay->resume("mirror", {});
  for (int i = 0; i < 10; ++i) log.commit(2);
  BOOST_TEST(log.reads == 0);
  for (std::uint64_t seq = 1; seq <= 20; ++seq) log.relay->confirm("mirror", seq);
  BOOST_TEST(log.mirror.seen == from_to(1, 20), per_element);
  BOOST_TEST(log.reads > 0);
}

BOOST_AUTO_TEST_CASE(reads_again_the_bytes_that_its_memory_has_no_room_for) {
  Log log{{.credit = 1, .window_bytes_max = 1000}};
  log.row_bytes = 300;
  log.start();
  log.relay->resume("mirror", {});
  log.commit(20);  // of which the first three have room
  for (std::uint64_t seq = 1; seq <= 3; ++seq) {
    BOOST_TEST(log.reads == 0);
    log.relay->confirm("mirror", seq);
  }
  BOOST_TEST(log.reads == 1);
  for (std::uint64_t seq = 4; seq <= 20; ++seq) log.relay->confirm("mirror", seq);
  BOOST_TEST(log.mirror.seen == from_to(1, 20), per_element);
}

BOOST_AUTO_TEST_CASE(reads_pages_up_to_their_bytes) {
  Log log{{.page = {.bytes = 1000}}};
  log.row_bytes = 300;
  log.write(9);
  log.start();
  log.relay->resume("mirror", {});
  BOOST_TEST(log.reads == 3);
  BOOST_TEST(log.mirror.seen == from_to(1, 9), per_element);
}

BOOST_AUTO_TEST_CASE(does_not_read_what_is_known_to_concern_others_only) {
  Log log{{.page = {.rows = 4}}};
  log.write(2);
  log.write<Cleared>(100);
  log.seen = Seen{.had = 2, .until = 102};
  log.write(1);
  log.start();
  log.relay->resume("mirror", log.at(2));
  BOOST_TEST(log.reads == 1);
  BOOST_TEST(log.mirror.seen == (Numbers{103}), per_element);
  BOOST_TEST(log.mirror.batches.front().after == 2U);
  log.relay->resume("mirror", log.at(1));  // set back: what was noted is of another time
  BOOST_TEST(log.mirror.seen == (Numbers{103, 2, 103}), per_element);
}

BOOST_AUTO_TEST_CASE(passes_over_pages_that_hold_nothing_of_interest) {
  Log log{{.page = {.rows = 4}}};
  log.write<Cleared>(20);
  log.write(1);
  log.write<Cleared>(3);
  log.start();
  log.relay->resume("mirror", {});
  BOOST_TEST(log.mirror.seen == (Numbers{21}), per_element);
  log.relay->confirm("mirror", 21);
  BOOST_TEST(log.relay->confirmed_by_all() == 24U);
}

BOOST_AUTO_TEST_CASE(finds_rows_whose_handing_over_was_missed) {
  Log log;
  log.start();
  log.relay->resume("mirror", {});
  log.commit(2);
  log.write(3);
  log.relay->catch_up(log.head());
  BOOST_TEST(log.mirror.seen == from_to(1, 5), per_element);
  log.write(2);
  log.commit(1);
  BOOST_TEST(log.mirror.seen == from_to(1, 8), per_element);
}

BOOST_AUTO_TEST_CASE(a_page_may_hold_rows_that_are_announced_only_later) {
  Log log;
  log.write(3);
  log.start();
  const auto late = log.write(2);
  log.relay->resume("mirror", {});
  BOOST_TEST(log.mirror.seen == from_to(1, 5), per_element);
  BOOST_TEST(log.stopped() == "");
  log.relay->committed(late);
  log.commit(1);
  BOOST_TEST(log.mirror.seen == from_to(1, 6), per_element);
}

BOOST_AUTO_TEST_CASE(tries_again_when_the_log_could_not_be_read) {
  Log log;
  log.write(3);
  log.start();
  log.read_error = Error{Errc::deadline_exceeded, "store.read_too_long"};
  log.relay->resume("mirror", {});
  BOOST_TEST(log.mirror.seen.empty());
  log.read_error.reset();
  log.relay->catch_up(log.head());
  BOOST_TEST(log.mirror.seen == from_to(1, 3), per_element);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(confirmation)

BOOST_AUTO_TEST_CASE(by_all_is_as_far_as_the_slowest_has_come) {
  Log log;
  Reader other;
  log.start();
  log.subscribe("other", other);
  log.relay->resume("mirror", {});
  log.relay->resume("other", {});
  log.commit(5);
  log.relay->confirm("mirror", 5);
  log.relay->confirm("other", 2);
  BOOST_TEST(log.relay->confirmed_by_all() == 2U);
}

BOOST_AUTO_TEST_CASE(tells_what_each_subscriber_has) {
  Log log;
  Reader other;
  log.write(3);
  log.start();
  log.subscribe("other", other);
  log.relay->resume("mirror", log.at(3));
  log.relay->resume("other", {});
  log.commit<Cleared>(5);
  log.relay->confirm("other", 2);
  log.relay->confirm("other", 1);
  const Passed passed = log.relay->passed();
  BOOST_TEST(passed.by_all == 2U);
  BOOST_TEST((passed.seen.at("mirror") == Seen{.had = 3, .until = 8}));
  BOOST_TEST((passed.seen.at("other") == Seen{.had = 2, .until = 2}));
}

BOOST_AUTO_TEST_CASE(needs_nothing_for_rows_of_no_interest) {
  Log log;
  log.start();
  log.relay->resume("mirror", {});
  log.commit<Cleared>(5);
  BOOST_TEST(log.relay->confirmed_by_all() == 5U);
}

BOOST_AUTO_TEST_CASE(a_log_without_subscribers_is_confirmed_to_its_end) {
  Log log;
  log.relay.emplace("counter", log.options, log.source(), log.head());
  log.commit(5);
  BOOST_TEST(log.relay->confirmed_by_all() == 5U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(divergence)

BOOST_AUTO_TEST_CASE(of_the_epoch_stops_the_link) {
  Log log;
  log.write(5);
  log.start();
  Position position = log.at(3);
  position.epoch = Uuid{{std::byte{9}}};
  log.relay->resume("mirror", position);
  BOOST_TEST(log.stopped() == "delivery.diverged");
  log.commit(1);
  log.relay->catch_up(log.head());
  BOOST_TEST(log.mirror.seen.empty());
}

BOOST_AUTO_TEST_CASE(is_told_once_for_each_time_that_the_link_stops) {
  Log log;
  log.write(5);
  log.start();
  log.relay->resume("mirror", log.at(6));
  log.commit(1);
  BOOST_TEST(log.stops == std::vector<std::string>{"mirror: delivery.diverged"}, per_element);
  log.relay->resume("mirror", log.at(6));
  log.read_error = Error{Errc::data_loss, "delivery.bad_row"};
  log.write(1);
  log.relay->catch_up(log.head());
  BOOST_TEST(log.stops.back() == "mirror: delivery.bad_row");
  BOOST_TEST(log.stops.size() == 2U);
}

BOOST_AUTO_TEST_CASE(of_the_hash_stops_the_link) {
  Log log;
  log.write(5);
  log.start();
  Position position = log.at(3);
  position.hash = hash_of(4);
  log.relay->resume("mirror", position);
  BOOST_TEST(log.stopped() == "delivery.diverged");
  position = log.at(5);
  position.hash = hash_of(4);
  log.relay->resume("mirror", position);
  BOOST_TEST(log.stopped() == "delivery.diverged");
}

BOOST_AUTO_TEST_CASE(a_subscriber_ahead_of_the_log_stops_the_link) {
  Log log;
  log.write(5);
  log.start();
  log.relay->resume("mirror", log.at(6));
  BOOST_TEST(log.stopped() == "delivery.diverged");
}

BOOST_AUTO_TEST_CASE(a_stopped_link_holds_up_no_other_one_but_keeps_its_rows) {
  Log log;
  Reader other;
  log.write(5);
  log.start();
  log.subscribe("other", other);
  log.relay->resume("mirror", log.at(6));
  log.relay->resume("other", {});
  log.relay->confirm("other", 5);
  BOOST_TEST(other.seen.size() == 5U);
  BOOST_TEST(log.relay->confirmed_by_all() == 0U);
}

BOOST_AUTO_TEST_CASE(can_be_mended_by_resuming_from_a_place_that_is_in_the_log) {
  Log log;
  log.write(5);
  log.start();
  log.relay->resume("mirror", log.at(6));
  log.relay->resume("mirror", log.at(5));
  BOOST_TEST(log.stopped() == "");
  log.commit(1);
  BOOST_TEST(log.mirror.seen == (Numbers{6}), per_element);
}

BOOST_AUTO_TEST_CASE(a_row_that_can_not_be_decoded_stops_the_link) {
  Log log;
  log.write(5);
  log.start();
  log.read_error = Error{Errc::data_loss, "delivery.bad_row"};
  log.relay->resume("mirror", {});
  BOOST_TEST(log.stopped() == "delivery.bad_row");
}

// The note about the subscriber cannot be read either. Without it the link would begin too early, stop for
// good, and overwrite the note with the wrong beginning.
BOOST_AUTO_TEST_CASE(a_log_that_can_not_be_read_at_the_beginning_makes_the_link_wait_and_changes_nothing) {
  Log log;
  log.write(9);
  for (std::uint64_t seq = 1; seq <= 8; ++seq) log.rows.erase(seq);
  log.seen = Seen{.had = 3, .until = 8};
  log.start();
  log.read_error = Error{Errc::unavailable, "store.unreadable"};
  log.relay->resume("mirror", log.at(3));
  for (int i = 0; i < 3; ++i) log.relay->catch_up(log.head());

  BOOST_TEST(log.stopped() == "");
  BOOST_TEST(log.link().waits->reason() == "store.unreadable");
  BOOST_TEST(log.relay->passed().seen.empty());
  BOOST_TEST(log.relay->confirmed_by_all() == 0U);
  BOOST_TEST(log.waits == std::vector<std::string>{"mirror: store.unreadable"}, per_element);

  log.read_error.reset();
  log.relay->catch_up(log.head());
  BOOST_TEST(log.mirror.seen == (Numbers{9}), per_element);
  BOOST_TEST(!log.link().waits);
  BOOST_TEST(log.waits.back() == "mirror goes on");
}

BOOST_AUTO_TEST_CASE(a_log_that_can_not_be_read_later_makes_the_link_wait_too) {
  Log log;
  log.write(5);
  log.start();
  log.read_error = Error{Errc::unavailable, "store.unreadable"};
  log.relay->resume("mirror", {});
  log.read_error.reset();
  log.relay->catch_up(log.head());
  log.relay->confirm("mirror", 5);
  log.write(2);
  log.read_error = Error{Errc::unavailable, "store.unreadable"};
  log.relay->catch_up(log.head());
  BOOST_TEST(log.link().waits->reason() == "store.unreadable");
  log.read_error.reset();
  log.relay->catch_up(log.head());
  BOOST_TEST(!log.link().waits);
  BOOST_TEST(log.mirror.seen == from_to(1, 7), per_element);
}

BOOST_AUTO_TEST_CASE(nothing_is_noted_of_a_link_that_has_stopped_because_it_began_too_early) {
  Log log;
  log.write(9);
  for (std::uint64_t seq = 1; seq <= 8; ++seq) log.rows.erase(seq);
  log.seen = Seen{.had = 5, .until = 8};
  log.start();
  log.relay->resume("mirror", log.at(3));  // an old report of where it is
  BOOST_TEST(log.stopped() == "delivery.log_incomplete");
  BOOST_TEST(log.relay->passed().seen.empty());

  log.relay->resume("mirror", log.at(5));
  BOOST_TEST(log.mirror.seen == (Numbers{9}), per_element);
}

BOOST_AUTO_TEST_CASE(rows_that_are_gone_stop_the_link_of_who_would_miss_them) {
  Log log;
  log.write(9);
  for (std::uint64_t seq = 1; seq <= 5; ++seq) log.rows.erase(seq);
  log.start();
  log.relay->resume("mirror", log.at(3));
  BOOST_TEST(log.stopped() == "delivery.log_incomplete");
  BOOST_TEST(log.mirror.seen.empty());
  log.relay->resume("mirror", log.at(5));
  BOOST_TEST(log.mirror.seen == from_to(6, 9), per_element);
}

BOOST_AUTO_TEST_CASE(rows_that_are_gone_and_did_not_concern_the_subscriber_do_not_stop_its_link) {
  Log log;
  log.write(9);
  for (std::uint64_t seq = 1; seq <= 5; ++seq) log.rows.erase(seq);
  log.seen = Seen{.had = 3, .until = 5};
  log.start();
  log.relay->resume("mirror", log.at(2));
  BOOST_TEST(log.stopped() == "delivery.log_incomplete");
  log.relay->resume("mirror", log.at(3));
  BOOST_TEST(log.stopped() == "");
  BOOST_TEST(log.mirror.seen == from_to(6, 9), per_element);
  BOOST_TEST(log.mirror.batches.front().after == 3U);
}

BOOST_AUTO_TEST_CASE(a_hole_in_the_log_stops_the_link) {
  Log log;
  log.write(9);
  log.rows.erase(5);
  log.start();
  log.relay->resume("mirror", {});
  BOOST_TEST(log.stopped() == "delivery.log_incomplete");
  BOOST_TEST(log.mirror.seen.empty());
}

BOOST_AUTO_TEST_CASE(a_new_subscriber_begins_with_what_retention_has_left) {
  Log log;
  log.write(9);
  for (std::uint64_t seq = 1; seq <= 5; ++seq) log.rows.erase(seq);
  log.start();
  log.relay->resume("mirror", {});
  BOOST_TEST(log.mirror.seen == from_to(6, 9), per_element);
  BOOST_TEST(log.mirror.batches.front().after == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
