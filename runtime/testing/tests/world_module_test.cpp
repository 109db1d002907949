#define BOOST_TEST_MODULE testing_world
#include <boost/test/unit_test.hpp>

#include "banyan/testing/sample.hpp"
#include "banyan/testing/world.hpp"

using namespace banyan;
using namespace std::chrono_literals;
using message::Kind;
using testing::Topologies;
using testing::World;

namespace {

using Added = testing::Sample<"counter.added.v1", Kind::reply>;
using Add = testing::Sample<"counter.add.v1", Kind::command, Added>;
using Changed = testing::Sample<"counter.changed.v1", Kind::event>;
using Seen = testing::Sample<"mirror.seen.v1", Kind::reply>;
using See = testing::Sample<"mirror.see.v1", Kind::query, Seen>;

constexpr store::Migration counter_table{.owner = "counter", .version = 1, .name = "counts", .sql = R"(
CREATE TABLE counter_count (key TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT;)"};
constexpr store::Migration mirror_table{.owner = "mirror", .version = 1, .name = "changes", .sql = R"(
CREATE TABLE mirror_change (n INTEGER PRIMARY KEY, key TEXT NOT NULL, number INTEGER NOT NULL) STRICT;)"};

Result<Added> add(Tx& tx, const Add& command, const Context&) {
  tx.execute(
      "INSERT INTO counter_count (key, number) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET number = number + "
      "?2",
      command.key, command.number);
  tx.publish(Changed{.key = command.key, .number = command.number});
  return Added{.key = command.key, .number = command.number};
}

Status write_down(Tx& tx, const Changed& event, const Context&) {
  tx.execute("INSERT INTO mirror_change (key, number) VALUES (?1, ?2)", event.key, event.number);
  return success();
}

Result<Seen> see(View& view, const See& query, const Context&) {
  const auto sum =
      view.find<std::int64_t>("SELECT coalesce(sum(number), 0) FROM mirror_change WHERE key = ?1", query.key);
  return Seen{.key = query.key, .number = *sum};
}

module::Module counter() {
  static const message::Descriptor* const messages[] = {&Add::descriptor(), &Added::descriptor(),
                                                        &Changed::descriptor()};
  return module::Module{"counter", messages}.handles<Add>(add).migrates({&counter_table, 1});
}

module::Module mirror() {
  static const message::Descriptor* const messages[] = {&See::descriptor(), &Seen::descriptor()};
  return module::Module{"mirror", messages}
      .on<Changed>(write_down)
      .answers<See>(see)
      .migrates({&mirror_table, 1});
}

std::int64_t seen(World& world, const std::string& key) { return world.call(See{.key = key}).value().number; }

}  // namespace

BOOST_AUTO_TEST_SUITE(calling)

BOOST_AUTO_TEST_CASE_TEMPLATE(answers_and_runs_what_follows_to_its_end, Topology, Topologies) {
  World world{{counter(), mirror()}, {.passage = Topology::passage}};
  for (int i = 1; i <= 3; ++i) BOOST_REQUIRE(world.call(Add{.key = "a", .number = i}).ok());
  BOOST_TEST(seen(world, "a") == 6);
  BOOST_TEST(world.value<int>("mirror", "SELECT count(*) FROM mirror_change").value() == 3);
}

BOOST_AUTO_TEST_CASE(asks_run_when_the_world_is_settled) {
  World world{{counter(), mirror()}};
  int answers = 0;
  for (int i = 0; i < 3; ++i)
    world.ask(Add{.key = "a", .number = 1}, world.call_options(), [&](auto) { ++answers; });
  BOOST_TEST(answers == 0);
  world.settle();
  BOOST_TEST(answers == 3);
}

BOOST_AUTO_TEST_CASE(what_breaks_its_contract_does_not_pass_encoded) {
  World world{{counter(), mirror()}, {.passage = testing::Passage::encoded}};
  BOOST_CHECK_THROW(static_cast<void>(world.call(Add{.key = "a", .number = -1})), std::logic_error);
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_ids) {
  World one{{counter()}, {.seed = 7}};
  World two{{counter()}, {.seed = 7}};
  World other{{counter()}, {.seed = 8}};
  const Uuid id = one.call_options().envelope.id;
  BOOST_TEST((id == two.call_options().envelope.id));
  BOOST_TEST((id != other.call_options().envelope.id));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(coming_and_going)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_subscriber_that_was_down_hears_what_it_missed, Topology, Topologies) {
  World world{{counter(), mirror()}, {.passage = Topology::passage}};
  world.stop("mirror");
  BOOST_REQUIRE(world.call(Add{.key = "a", .number = 5}).ok());
  BOOST_TEST((world.call(See{.key = "a"}).error().code() == Errc::unavailable));
  world.start("mirror");
  BOOST_TEST(seen(world, "a") == 5);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_producer_that_was_down_goes_on_where_its_subscriber_is, Topology,
                              Topologies) {
  World world{{counter(), mirror()}, {.passage = Topology::passage}};
  BOOST_REQUIRE(world.call(Add{.key = "a", .number = 1}).ok());
  world.stop("counter");
  world.start("counter");
  BOOST_REQUIRE(world.call(Add{.key = "a", .number = 2}).ok());
  BOOST_TEST(seen(world, "a") == 3);
}

BOOST_AUTO_TEST_CASE(a_restart_keeps_everything) {
  World world{{counter(), mirror()}};
  BOOST_REQUIRE(world.call(Add{.key = "a", .number = 1}).ok());
  world.restart();
  BOOST_REQUIRE(world.call(Add{.key = "a", .number = 2}).ok());
  BOOST_TEST(seen(world, "a") == 3);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(crashing)

BOOST_AUTO_TEST_CASE(what_is_not_committed_is_gone_and_nobody_was_answered) {
  World world{{counter(), mirror()}};
  BOOST_REQUIRE(world.call(Add{.key = "a", .number = 1}).ok());
  world.faults().clear();
  world.crash_at("before_commit");
  BOOST_TEST(world.call(Add{.key = "a", .number = 2}).error().reason() == "testing.no_answer");
  BOOST_TEST(world.has_crashed());
  world.recover();
  BOOST_TEST(!world.has_crashed());
  BOOST_TEST(world.value<int>("counter", "SELECT number FROM counter_count").value() == 1);
  BOOST_TEST(seen(world, "a") == 1);
}

BOOST_AUTO_TEST_CASE(what_is_committed_stays_and_has_its_effects_after_all) {
  World world{{counter(), mirror()}};
  world.faults().clear();
  world.crash_at("after_commit");
  BOOST_TEST(world.call(Add{.key = "a", .number = 2}).error().reason() == "testing.no_answer");
  world.recover();
  BOOST_TEST(seen(world, "a") == 2);
}

BOOST_AUTO_TEST_CASE(a_crash_between_two_calls_loses_nothing) {
  World world{{counter(), mirror()}};
  BOOST_REQUIRE(world.call(Add{.key = "a", .number = 2}).ok());
  world.crash();
  world.recover();
  BOOST_TEST(seen(world, "a") == 2);
}

BOOST_AUTO_TEST_SUITE_END()
