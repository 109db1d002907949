#define BOOST_TEST_MODULE module_messages
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "counting.hpp"

using namespace banyan;
using namespace banyan::module;
using testing::Topologies;

namespace {

using Lines = std::vector<std::string>;
const auto per_element = boost::test_tools::per_element();

/// A store that fails where the next message of a key becomes due.
std::span<const store::Migration> entries_and_no_next() {
  static const store::Migration all[] = {entries().front(),
                                         {.owner = "counting", .version = 2, .name = "no_next", .sql = R"(
CREATE TRIGGER no_next BEFORE UPDATE ON banyan_parked WHEN old.state = 2
BEGIN SELECT RAISE(ABORT, 'as it was told to'); END;)"}};
  return all;
}

Status throw_up() { throw std::runtime_error("boom"); }
Status not_now() { return Error{Errc::unavailable, "test.not_now"}; }

struct Mirrored : Counting {
  explicit Mirrored(testing::Passage passage = testing::Passage::direct) : Counting(options(passage)) {}
  explicit Mirrored(const testing::World::Options& options) : Counting(options) {}
  explicit Mirrored(const MakeMirror& make) : Counting({}, make) {}

  static testing::World::Options options(testing::Passage passage) {
    testing::World::Options made;
    made.passage = passage;
    return made;
  }

  Status resolve(std::uint64_t seq, Instance::ParkedAction action) {
    Status told = Error{Errc::internal, "test.unanswered"};
    world.instance("mirror").resolve_parked("counter", seq, action, [&](Status status) { told = status; });
    world.settle();
    return told;
  }
  Status retry(std::uint64_t seq) { return resolve(seq, Instance::ParkedAction::retry); }
  Status discard(std::uint64_t seq) { return resolve(seq, Instance::ParkedAction::discard); }

  /// Lines of the log that contain `text`.
  std::ptrdiff_t lines_with(std::string_view text) const {
    const auto lines = world.log();
    return std::ranges::count_if(lines,
                                 [&](const std::string& line) { return line.find(text) != line.npos; });
  }

  void check_parked(std::size_t parked, std::size_t dead) {
    BOOST_TEST(health("mirror").parked == parked);
    BOOST_TEST(health("mirror").dead == dead);
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(events)

BOOST_AUTO_TEST_CASE_TEMPLATE(arrive_once_and_in_order, Topology, Topologies) {
  Mirrored it{Topology::passage};
  Lines expected;
  for (int i = 0; i < 50; ++i) {
    BOOST_REQUIRE(it.add("a", i).ok());
    expected.push_back("a" + std::to_string(i));
  }
  BOOST_TEST(it.mirrored() == expected, per_element);
  BOOST_TEST(it.health("counter").outbox_head == 50U);
  BOOST_TEST(it.health("counter").outbox_confirmed == 50U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(of_a_long_absence_are_made_up_for, Topology, Topologies) {
  auto options = Mirrored::options(Topology::passage);
  options.instance.relay = {.credit = 7, .window_max = 10, .page = {.rows = 9}};
  Mirrored it{options};
  it.world.stop("mirror");
  for (int i = 0; i < 100; ++i) BOOST_REQUIRE(it.add("a", i).ok());
  it.world.start("mirror");
  BOOST_TEST(it.mirrored().size() == 100U);
  BOOST_TEST(it.mirrored().back() == "a99");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(that_are_larger_than_any_limit_arrive_too, Topology, Topologies) {
  auto options = Mirrored::options(Topology::passage);
  options.instance.relay = {.credit_bytes = 1, .window_bytes_max = 1, .page = {.bytes = 1}};
  Mirrored it{options};
  for (int i = 0; i < 20; ++i) BOOST_REQUIRE(it.add("a", i).ok());
  it.world.stop("mirror");
  for (int i = 20; i < 40; ++i) BOOST_REQUIRE(it.add("a", i).ok());
  it.world.start("mirror");
  BOOST_TEST(it.mirrored().size() == 40U);
  BOOST_TEST(it.mirrored().back() == "a39");
}

// Commands come between, the commit fails, and before the rest has its turn the module listens again.
BOOST_AUTO_TEST_CASE(that_are_the_rest_of_a_batch_whose_beginning_was_lost_do_not_go_ahead_of_it) {
  Mirrored it;
  bool is_first = true;
  it.script["mirror.note.v1"] = [&] { return it.world.clock().advance(2s), success(); };
  it.script["counter.changed.v1/a0"] = [&] {
    if (!std::exchange(is_first, false)) return success();
    for (int i = 0; i < 3; ++i) it.world.ask(Note{.key = "n"}, it.world.call_options(), [](const auto&) {});
    it.world.advance(2s, 1s);
    it.world.faults().fail("before_commit", it.world.faults().reached("before_commit") + 1);
    return success();
  };
  Lines expected;
  for (int i = 0; i < 100; ++i) {
    it.world.ask(Add{.key = "a", .number = i}, it.world.call_options(), [](const auto&) {});
    expected.push_back("a" + std::to_string(i));
  }
  it.world.settle();
  it.world.advance(10s);
  BOOST_TEST(it.mirrored() == expected, per_element);
}

BOOST_AUTO_TEST_CASE(of_the_module_itself_are_handled_where_they_are_published_and_go_nowhere) {
  Mirrored it;
  BOOST_REQUIRE(it.add("a", 1).ok());
  BOOST_TEST(it.entries_of("counter", "counter.touched.v1") == (Lines{"a1"}), per_element);
  BOOST_TEST(it.world.value<int>("counter", "SELECT count(*) FROM banyan_outbox").value() == 1);
}

BOOST_AUTO_TEST_CASE(are_removed_when_everybody_has_them_and_they_are_old_enough) {
  Mirrored it;
  for (int i = 0; i < 10; ++i) BOOST_REQUIRE(it.add("a", i).ok());
  const auto rows = [&] {
    return it.world.value<int>("counter", "SELECT count(*) FROM banyan_outbox").value();
  };
  it.world.advance(23h, 1h);
  BOOST_TEST(rows() == 10);
  it.world.advance(2h, 1h);
  BOOST_TEST(rows() == 1);
}

BOOST_AUTO_TEST_CASE(that_follow_on_removed_ones_of_no_interest_arrive_after_a_restart) {
  Mirrored it;
  BOOST_REQUIRE(it.add("a", 1).ok());
  for (int i = 0; i < 10; ++i) BOOST_REQUIRE(it.world.call(Mumble{}).ok());
  it.world.advance(26h, 1h);
  BOOST_REQUIRE(it.world.value<int>("counter", "SELECT count(*) FROM banyan_outbox").value() == 1);
  it.world.restart();
  BOOST_REQUIRE(it.add("a", 2).ok());
  BOOST_TEST(it.mirrored() == (Lines{"a1", "a2"}), per_element);
  BOOST_TEST(it.health("counter").stopped_links.empty());
}

BOOST_AUTO_TEST_CASE(arrive_although_the_write_ahead_log_can_not_be_emptied_and_that_is_told_once) {
  auto options = Mirrored::options(testing::Passage::direct);
  options.instance.wal_checkpoint_bytes = 0;
  Mirrored it{options};
  const auto told = it.lines_with("checkpoint");
  it.world.faults().fail_from("mid_checkpoint");
  for (int i = 0; i < 5; ++i) BOOST_REQUIRE(it.add("a", i).ok());
  BOOST_TEST(it.mirrored().size() == 5U);
  BOOST_TEST(it.lines_with("checkpoint") - told == 2);  // by each of the two modules
}

BOOST_AUTO_TEST_CASE(stay_until_the_last_subscriber_has_them) {
  Mirrored it;
  it.world.stop("mirror");
  for (int i = 0; i < 10; ++i) BOOST_REQUIRE(it.add("a", i).ok());
  it.world.advance(48h, 1h);
  it.world.start("mirror");
  BOOST_TEST(it.mirrored().size() == 10U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_message_that_fails)

BOOST_AUTO_TEST_CASE_TEMPLATE(parks_its_key_and_no_other_one, Topology, Topologies) {
  Mirrored it{Topology::passage};
  it.script["counter.changed.v1/a1"] = throw_up;
  for (const char* key : {"a", "b"}) {
    for (int i = 1; i <= 3; ++i) BOOST_REQUIRE(it.add(key, i).ok());
  }
  BOOST_TEST(it.mirrored() == (Lines{"b1", "b2", "b3"}), per_element);
  it.check_parked(3, 0);
  it.script.clear();
  it.world.advance(10s);
  BOOST_TEST(it.mirrored() == (Lines{"b1", "b2", "b3", "a1", "a2", "a3"}), per_element);
  it.check_parked(0, 0);
}

BOOST_AUTO_TEST_CASE(is_tried_so_many_times_with_more_and_more_time_between_and_then_is_dead) {
  Mirrored it;
  std::vector<Instant> attempts;
  it.script["counter.changed.v1/a1"] = [&]() -> Status {
    attempts.push_back(it.world.clock().now());
    return Error{Errc::internal, "test.broken"};
  };
  BOOST_REQUIRE(it.add("a", 1).ok());
  BOOST_REQUIRE(it.add("a", 2).ok());
  it.world.advance(2min, 1s);
  BOOST_REQUIRE(attempts.size() == 5U);
  for (std::size_t i = 2; i < attempts.size(); ++i) BOOST_TEST((attempts[i] - attempts[i - 1] >= 1s));
  it.check_parked(2, 1);
  BOOST_TEST(it.mirrored().empty());
}

BOOST_AUTO_TEST_CASE(goes_on_after_a_restart) {
  Mirrored it;
  it.script["counter.changed.v1/a1"] = throw_up;
  BOOST_REQUIRE(it.add("a", 1).ok());
  BOOST_REQUIRE(it.add("a", 2).ok());
  it.world.crash();
  it.world.recover();
  it.check_parked(2, 0);
  it.script.clear();
  it.world.advance(10s);
  BOOST_TEST(it.mirrored() == (Lines{"a1", "a2"}), per_element);
}

BOOST_AUTO_TEST_CASE(by_a_refusal_is_dead_at_once) {
  Mirrored it;
  it.script["counter.changed.v1/a1"] = refused;
  BOOST_REQUIRE(it.add("a", 1).ok());
  it.check_parked(1, 1);
}

BOOST_AUTO_TEST_CASE(for_want_of_something_that_all_need_makes_all_wait) {
  Mirrored it;
  it.script["counter.changed.v1/a1"] = not_now;
  for (const char* key : {"a", "b"}) BOOST_REQUIRE(it.add(key, 1).ok());
  it.world.advance(5s);
  BOOST_TEST(it.mirrored().empty());
  it.check_parked(0, 0);
  it.script.clear();
  it.world.advance(1s);
  BOOST_TEST(it.mirrored() == (Lines{"a1", "b1"}), per_element);
}

BOOST_AUTO_TEST_CASE(probes_once_a_pause_however_much_comes_after_it) {
  Mirrored it;
  int probes = 0;
  it.script["counter.changed.v1/a1"] = [&] { return ++probes, not_now(); };
  for (int i = 1; i <= 20; ++i) BOOST_REQUIRE(it.add("a", i).ok());
  BOOST_TEST(probes == 1);
  it.world.advance(5s);
  BOOST_TEST(probes == 6);
}

BOOST_AUTO_TEST_CASE(too_often_makes_the_module_stop_listening) {
  auto options = Mirrored::options(testing::Passage::direct);
  options.instance.parked_max = 2;
  Mirrored it{options};
  it.script["counter.changed.v1"] = refused;
  for (int i = 1; i <= 5; ++i) BOOST_REQUIRE(it.add(std::string(1, static_cast<char>('a' + i)), i).ok());
  it.world.advance(5s);
  it.check_parked(2, 2);
  BOOST_TEST(it.lines_with("module.too_many_parked") == 1);
  it.script.clear();
  BOOST_TEST(it.discard(1).ok());
  BOOST_TEST(it.discard(2).ok());
  it.world.advance(2s);
  BOOST_TEST(it.mirrored() == (Lines{"d3", "e4", "f5"}), per_element);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_dead_letter)

BOOST_AUTO_TEST_CASE(that_is_retried_lets_its_key_go_on) {
  Mirrored it;
  it.script["counter.changed.v1/a1"] = refused;
  for (int i = 1; i <= 3; ++i) BOOST_REQUIRE(it.add("a", i).ok());
  it.check_parked(3, 1);
  it.script.clear();
  BOOST_TEST(it.retry(1).ok());
  it.world.advance(1s);
  BOOST_TEST(it.mirrored() == (Lines{"a1", "a2", "a3"}), per_element);
  it.check_parked(0, 0);
}

BOOST_AUTO_TEST_CASE(that_is_retried_in_vain_is_dead_again) {
  Mirrored it;
  it.script["counter.changed.v1/a1"] = refused;
  BOOST_REQUIRE(it.add("a", 1).ok());
  BOOST_TEST(it.retry(1).ok());
  it.world.advance(1s);
  it.check_parked(1, 1);
}

BOOST_AUTO_TEST_CASE(that_is_discarded_lets_its_key_go_on_without_it) {
  Mirrored it;
  it.script["counter.changed.v1/a1"] = refused;
  for (int i = 1; i <= 3; ++i) BOOST_REQUIRE(it.add("a", i).ok());
  BOOST_TEST(it.discard(1).ok());
  it.world.advance(1s);
  BOOST_TEST(it.mirrored() == (Lines{"a2", "a3"}), per_element);
}

BOOST_AUTO_TEST_CASE(is_the_only_thing_that_can_be_retried_or_discarded) {
  Mirrored it;
  it.script["counter.changed.v1/a1"] = refused;
  for (int i = 1; i <= 2; ++i) BOOST_REQUIRE(it.add("a", i).ok());
  BOOST_TEST((it.discard(2).error() == Error{Errc::conflict, "delivery.not_dead"}));
  BOOST_TEST((it.retry(2).error() == Error{Errc::conflict, "delivery.not_dead"}));
  BOOST_TEST((it.discard(9).error() == Error{Errc::not_found, "delivery.not_parked"}));
}

BOOST_AUTO_TEST_CASE(stays_if_the_commit_of_its_discarding_fails_and_that_is_told) {
  Mirrored it;
  it.script["counter.changed.v1/a1"] = refused;
  BOOST_REQUIRE(it.add("a", 1).ok());
  it.world.faults().clear();
  it.world.faults().fail("before_commit");
  BOOST_TEST(it.discard(1).error().reason() == "store.fault");
  it.world.advance(2s);
  it.check_parked(1, 1);
  BOOST_TEST(it.discard(1).ok());
  it.check_parked(0, 0);
}

BOOST_AUTO_TEST_CASE(stays_as_counted_while_the_store_does_not_answer) {
  Mirrored it;
  it.script["counter.changed.v1/a1"] = refused;
  BOOST_REQUIRE(it.add("a", 1).ok());
  it.world.faults().clear();
  it.world.faults().fail("before_commit");
  it.world.faults().fail_from("after_begin", 2);
  BOOST_TEST(!it.discard(1).ok());
  it.check_parked(1, 1);
}

BOOST_AUTO_TEST_CASE(stays_with_what_waits_behind_it_if_the_store_can_do_only_half_of_its_discarding) {
  Mirrored it{[](const Script& script) { return mirror(script).migrates(entries_and_no_next()); }};
  it.script["counter.changed.v1/a1"] = refused;
  for (int i = 1; i <= 2; ++i) BOOST_REQUIRE(it.add("a", i).ok());
  BOOST_TEST(it.discard(1).error().reason() == "store.constraint");
  it.check_parked(2, 1);
  BOOST_REQUIRE(it.add("a", 3).ok());
  it.world.advance(2s);
  it.check_parked(3, 1);
  BOOST_TEST(it.mirrored().empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(durable_commands)

BOOST_AUTO_TEST_CASE_TEMPLATE(arrive_once, Topology, Topologies) {
  Mirrored it{Topology::passage};
  BOOST_REQUIRE(it.world.call(Forward{.key = "a"}).ok());
  BOOST_TEST(it.notes() == (Lines{"a0"}), per_element);
}

BOOST_AUTO_TEST_CASE(that_are_refused_and_want_no_reply_are_dead_letters) {
  Mirrored it;
  it.script["mirror.note.v1"] = refused;
  BOOST_REQUIRE(it.world.call(Forward{.key = "a"}).ok());
  it.check_parked(1, 1);
}

BOOST_AUTO_TEST_CASE(may_be_sent_for_a_time_to_come) {
  Mirrored it;
  BOOST_REQUIRE(it.world.call(Forward{.key = "a", .number = 10}).ok());
  it.world.advance(9s);
  BOOST_TEST(it.notes().empty());
  it.world.advance(1s);
  BOOST_TEST(it.notes() == (Lines{"a0"}), per_element);
}

BOOST_AUTO_TEST_CASE(for_a_time_to_come_outlive_the_process) {
  Mirrored it;
  BOOST_REQUIRE(it.world.call(Forward{.key = "a", .number = 10}).ok());
  it.world.advance(2s);
  it.world.crash();
  it.world.recover();
  it.world.advance(7s);
  BOOST_TEST(it.notes().empty());
  it.world.advance(1s);
  BOOST_TEST(it.notes() == (Lines{"a0"}), per_element);
}

BOOST_AUTO_TEST_CASE(for_a_time_to_come_are_removed_no_earlier_than_what_was_sent_with_them) {
  Mirrored it;
  BOOST_REQUIRE(it.world.call(Forward{.key = "a", .number = 30 * 3600}).ok());
  it.world.advance(30h, 1h);
  for (int i = 0; i < 3; ++i) BOOST_REQUIRE(it.add("b", i).ok());
  it.world.advance(10s);
  BOOST_TEST(it.notes() == (Lines{"a0"}), per_element);
  BOOST_TEST(it.world.value<int>("counter", "SELECT count(*) FROM banyan_outbox").value() == 4);
}

BOOST_AUTO_TEST_CASE(that_fell_due_while_the_module_was_down_are_sent_when_it_is_back) {
  Mirrored it;
  BOOST_REQUIRE(it.world.call(Forward{.key = "a", .number = 10}).ok());
  it.world.stop("counter");
  it.world.advance(1min, 1s);
  it.world.start("counter");
  BOOST_TEST(it.notes() == (Lines{"a0"}), per_element);
}

BOOST_AUTO_TEST_CASE(that_can_not_be_read_back_do_not_hold_up_the_module) {
  Mirrored it;
  BOOST_REQUIRE(it.world.call(Forward{.key = "a", .number = 10}).ok());
  BOOST_REQUIRE(it.world.call(Run{.text = "UPDATE banyan_timer SET headers = 'no'"}).ok());
  BOOST_REQUIRE(it.world.call(Forward{.key = "b", .number = 11}).ok());
  it.world.advance(1min, 1s);
  BOOST_TEST(it.notes() == (Lines{"b0"}), per_element);
  BOOST_TEST(it.lines_with("own work failed") == 1);
  BOOST_TEST(it.add("b").ok());
  BOOST_TEST(it.mirrored() == (Lines{"b1"}), per_element);
}

BOOST_AUTO_TEST_SUITE_END()
