#define BOOST_TEST_MODULE module_faults
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "counting.hpp"

using namespace banyan;
using namespace banyan::module;
using testing::Topologies;

namespace {

using Lines = std::vector<std::string>;
const auto per_element = boost::test_tools::per_element();

const std::string points[] = {"after_begin",    "before_cursor",      "before_commit", "after_commit",
                              "before_handoff", "after_inbox_commit", "mid_checkpoint"};
const Lines all{"a1", "b1", "a2", "b2", "a3", "b3"};

struct Faulty : Counting {
  explicit Faulty(testing::Passage passage) : Counting(options(passage)) {}

  static testing::World::Options options(testing::Passage passage) {
    testing::World::Options made;
    made.passage = passage;
    made.instance.wal_checkpoint_bytes = 0;
    return made;
  }

  void work() {
    for (std::int64_t i = 1; i <= 3; ++i) {
      for (const char* key : {"a", "b"}) insist(key, i);
    }
    world.recover();
    world.faults().clear();
    world.advance(5s);
  }

  /// Nothing lost, nothing done twice, nothing out of order.
  void check() {
    BOOST_TEST(counted() == all, per_element);
    BOOST_TEST(mirrored() == all, per_element);
    BOOST_TEST(health("mirror").parked == 0U);
    BOOST_TEST(health("counter").outbox_head == 6U);
    BOOST_TEST(health("counter").outbox_confirmed == 6U);
  }
};

/// Runs `once(point, reach)`, which tells whether the fault came, for every reach of every point; over a
/// network for some.
void sweep(testing::Passage passage, const std::function<bool(const std::string& point, int reach)>& once) {
  for (const std::string& point : points) {
    int reach = 1;
    bool came = true;
    for (; came; reach += testing::stride(passage)) {
      BOOST_TEST_CONTEXT("at " << point << ", reach " << reach) { came = once(point, reach); }
    }
    BOOST_TEST(reach > 2, point << " was never reached");
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(loses_nothing_and_does_nothing_twice)

BOOST_AUTO_TEST_CASE_TEMPLATE(when_any_point_throws, Topology, Topologies) {
  sweep(Topology::passage, [](const std::string& point, int reach) {
    Faulty it{Topology::passage};
    bool came = false;
    it.world.faults().run(point, reach, [&] { came = true; });
    it.world.faults().fail(point, reach);
    it.work();
    it.check();
    return came;
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(when_any_point_throws_twice_in_a_row, Topology, Topologies) {
  sweep(Topology::passage, [](const std::string& point, int reach) {
    Faulty it{Topology::passage};
    bool came = false;
    it.world.faults().run(point, reach + 1, [&] { came = true; });
    it.world.faults().fail(point, reach);
    it.world.faults().fail(point, reach + 1);
    it.work();
    it.check();
    return came;
  });
}

BOOST_AUTO_TEST_CASE(when_one_point_throws_and_then_a_commit_fails) {
  sweep(testing::Passage::direct, [](const std::string& point, int reach) {
    Faulty it{testing::Passage::direct};
    bool came = false;
    it.world.faults().run(point, reach, [&] {
      came = true;
      it.world.faults().fail("before_commit", it.world.faults().reached("before_commit") + 1);
    });
    it.world.faults().fail(point, reach);
    it.work();
    it.check();
    return came;
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(when_the_process_dies_at_any_point, Topology, Topologies) {
  sweep(Topology::passage, [](const std::string& point, int reach) {
    Faulty it{Topology::passage};
    bool came = false;
    it.world.faults().run(point, reach, [&] { came = true; });
    it.world.crash_at(point, reach);
    it.work();
    it.check();
    return came;
  });
}

// A message that ends the process is a dead letter in the end; all others are handled, once.
BOOST_AUTO_TEST_CASE(when_a_message_ends_the_process_whenever_it_is_tried) {
  Faulty it{testing::Passage::direct};
  int ends = 0;
  it.script["counter.changed.v1/a2"] = [&] {
    ++ends;
    if (!it.world.has_crashed()) it.world.crash();
    return success();
  };
  it.work();
  for (int i = 0; i < 40; ++i) {
    it.world.recover();
    it.world.advance(10s, 1s);
  }
  for (std::int64_t i = 1; i <= 3; ++i) it.insist("b", i);  // the process may have ended each time before
  it.world.advance(5s);
  Lines handled = it.mirrored();
  std::sort(handled.begin(), handled.end());
  BOOST_TEST(handled == (Lines{"a1", "b1", "b2", "b3"}), per_element);
  BOOST_TEST(it.health("mirror").dead == 1U);
  BOOST_TEST(it.health("mirror").parked == 2U);  // a3 waits behind it
  BOOST_TEST(ends <= 12);
  BOOST_TEST(
      it.world.value<std::string>("mirror", "SELECT cause FROM banyan_parked WHERE key = 'a' AND state = 3")
          .value()
          .starts_with("delivery.ended_process"));
}

// Messages of others get through each time, before the one that ends the process has its turn.
BOOST_AUTO_TEST_CASE(when_a_message_ends_the_process_though_it_handles_those_of_others) {
  using Called = testing::Sample<"abacus.called.v1", message::Kind::event>;
  using Done = testing::Sample<"abacus.done.v1", message::Kind::reply>;
  using Call = testing::Sample<"abacus.call.v1", message::Kind::command, Done>;
  static const message::Descriptor* const messages[] = {&Called::descriptor(), &Done::descriptor(),
                                                        &Call::descriptor()};
  Script script;
  int calls = 0;
  const auto abacus =
      Module{"abacus", messages}.handles<Call>([](Tx& tx, const Call&, const Context&) -> Result<Done> {
        tx.publish(Called{});
        return Done{};
      });
  auto options = Faulty::options(testing::Passage::direct);
  options.instance.group_max = 1;
  testing::World world{
      {abacus, counter(script),
       mirror(script).on<Called>([&](Tx&, const Called&, const Context&) { return ++calls, success(); })},
      options};
  int ends = 0;
  script["counter.changed.v1/a1"] = [&] {
    if (world.has_crashed()) return success();
    ++ends;
    world.ask(Call{}, world.call_options(), [](const auto&) {});
    world.settle();
    if (!world.has_crashed()) world.crash();
    return success();
  };
  static_cast<void>(world.call(Add{.key = "a", .number = 1}));
  for (int i = 0; i < 40; ++i) {
    world.recover();
    world.advance(10s, 1s);
  }
  BOOST_TEST(ends <= 12);
  BOOST_TEST(calls > 0);
  BOOST_TEST(world.instance("mirror").health().dead == 1U);
}

BOOST_AUTO_TEST_CASE(when_messages_fail_and_the_process_dies_at_any_point) {
  sweep(testing::Passage::direct, [](const std::string& point, int reach) {
    Faulty it{testing::Passage::direct};
    int failures = 0;
    it.script["counter.changed.v1/a1"] = [&]() -> Status {
      return ++failures <= 2 ? Status{Error{Errc::internal, "test.broken"}} : success();
    };
    bool came = false;
    it.world.faults().run(point, reach, [&] { came = true; });
    it.world.crash_at(point, reach);
    it.work();
    it.world.advance(20s, 1s);
    Lines seen = it.mirrored();
    const auto of = [&](char key) {
      Lines some;
      for (const std::string& line : seen) {
        if (line[0] == key) some.push_back(line);
      }
      return some;
    };
    BOOST_TEST(of('a') == (Lines{"a1", "a2", "a3"}), per_element);
    BOOST_TEST(of('b') == (Lines{"b1", "b2", "b3"}), per_element);
    return came;
  });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(what_others_never_hear_of)

BOOST_AUTO_TEST_CASE(a_missed_hand_over_is_made_up_for_within_two_seconds) {
  Faulty it{testing::Passage::direct};
  it.world.faults().fail("before_handoff");
  BOOST_REQUIRE(it.add("a", 1).ok());
  BOOST_TEST(it.mirrored().empty());
  it.world.advance(2s);
  BOOST_TEST(it.mirrored() == (Lines{"a1"}), per_element);
}

BOOST_AUTO_TEST_CASE(a_missed_confirmation_is_made_up_for_and_does_not_exhaust_the_credit) {
  auto options = Faulty::options(testing::Passage::direct);
  options.instance.relay.credit = 1;
  Counting it{options};
  it.world.faults().fail("after_inbox_commit");
  BOOST_REQUIRE(it.add("a", 1).ok());
  BOOST_REQUIRE(it.add("a", 2).ok());
  it.world.advance(2s);
  BOOST_TEST(it.mirrored() == (Lines{"a1", "a2"}), per_element);
  it.world.advance(2s);
  BOOST_TEST(it.health("counter").outbox_confirmed == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
