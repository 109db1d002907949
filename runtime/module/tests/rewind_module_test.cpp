#define BOOST_TEST_MODULE module_rewind
#include <boost/test/unit_test.hpp>

#include "banyan/delivery/position.hpp"
#include "banyan/telemetry/names.hpp"
#include "banyan/testing/sample.hpp"
#include "banyan/testing/world.hpp"

using namespace banyan;
using namespace banyan::module;
using namespace std::chrono_literals;
using message::Kind;
using testing::Topologies;
using testing::World;

namespace {

using Added = testing::Sample<"counter.added.v1", Kind::reply>;
using Add = testing::Sample<"counter.add.v1", Kind::command, Added>;
using Changed = testing::Sample<"counter.changed.v1", Kind::event>;
using Done = testing::Sample<"mirror.done.v1", Kind::reply>;
using Note = testing::Sample<"mirror.note.v1", Kind::command, Done>;
using Run = testing::Sample<"mirror.run.v1", Kind::command, Done>;  ///< Runs the SQL in `text`.
using Told = testing::Sample<"mirror.told.v1", Kind::event>;

constexpr store::Migration tables[] = {{.owner = "mirror", .version = 1, .name = "all", .sql = R"(
CREATE TABLE mirror_sum (key TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT;
CREATE TABLE mirror_effect (n INTEGER PRIMARY KEY, what TEXT NOT NULL) STRICT;)"}};

/// Publishes a change, and has it noted durably.
Module counter() {
  static const message::Descriptor* const messages[] = {&Add::descriptor(), &Added::descriptor(),
                                                        &Changed::descriptor()};
  return Module{"counter", messages}.handles<Add>([](Tx& tx, const Add& command, const Context&) {
    tx.publish(Changed{.key = command.key, .number = command.number, .text = command.text});
    tx.send(Note{.key = command.key});
    return Result<Added>{Added{.key = command.key}};
  });
}

/// Keeps the last number of each key, which is a projection, and the effects that it had, which are not.
Module mirror(std::function<void()>& on_change) {
  static const message::Descriptor* const messages[] = {&Note::descriptor(), &Done::descriptor(),
                                                        &Run::descriptor(), &Told::descriptor()};
  const auto effect = [](Tx& tx, std::string_view what) {
    tx.execute("INSERT INTO mirror_effect (what) VALUES (?1)", what);
  };
  return Module{"mirror", messages}
      .projects<Changed>([](Tx& tx, const Changed& event, const Context&) -> Status {
        if (event.text == "refuse") return Error{Errc::rejected, "test.no"};
        if (event.text == "emit") tx.publish(Told{.key = event.key});
        tx.execute(
            "INSERT INTO mirror_sum (key, number) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET number = ?2",
            event.key, event.number);
        return success();
      })
      .on<Changed>([effect, &on_change](Tx& tx, const Changed&, const Context&) {
        if (on_change) std::exchange(on_change, nullptr)();
        return effect(tx, "event"), success();
      })
      .handles<Note>([effect](Tx& tx, const Note&, const Context&) -> Result<Done> {
        effect(tx, "command");
        return Done{};
      })
      .handles<Run>([](Tx& tx, const Run& command, const Context&) -> Result<Done> {
        tx.execute(command.text);
        return Done{};
      })
      .migrates(tables);
}

struct Projected {
  explicit Projected(testing::Passage passage = testing::Passage::direct)
      : Projected(World::Options{.passage = passage}) {}
  explicit Projected(const World::Options& options)
      : world{{counter(), mirror(on_change), Module{"idle", {}}}, options} {}

  void add(std::string key, std::int64_t number, std::string text = {}) {
    BOOST_REQUIRE(world.call(Add{.key = std::move(key), .number = number, .text = std::move(text)}).ok());
  }
  void run(std::string sql) { BOOST_REQUIRE(world.call(Run{.text = std::move(sql)}).ok()); }

  delivery::Position position(std::uint64_t seq) {
    delivery::Position found;
    world.inspect("counter", [&](View& log) { found = delivery::position_at(log, seq).value(); });
    return found;
  }
  /// Without asking the producer: what it is called there was told before.
  delivery::Position named(std::uint64_t seq) { return {.epoch = epoch_known(), .seq = seq}; }
  Uuid epoch_known() {
    return world.value<Uuid>("mirror", "SELECT epoch FROM banyan_inbox WHERE producer = 'counter'").value();
  }
  Status rewind(const delivery::Position& to, const std::string& producer = "counter",
                std::string_view subscriber = "mirror") {
    Status told = Error{Errc::internal, "test.unanswered"};
    world.instance(subscriber).rewind(producer, to, [&](Status status) { told = std::move(status); });
    world.settle();
    return told;
  }

  std::string sums() {
    return world
        .value<std::string>("mirror",
                            "SELECT coalesce(group_concat(key || number, ' '), '') FROM "
                            "(SELECT * FROM mirror_sum ORDER BY key)")
        .value();
  }
  int effects(std::string_view what) {
    return world.value<int>("mirror", "SELECT count(*) FROM mirror_effect WHERE what = ?1", what).value();
  }
  std::uint64_t seq() {
    return world.value<std::uint64_t>("mirror", "SELECT seq FROM banyan_inbox WHERE producer = 'counter'")
        .value();
  }

  std::function<void()> on_change = nullptr;  // in the handler of an event, once
  World world;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(rewinding)

BOOST_AUTO_TEST_CASE_TEMPLATE(makes_projections_anew_and_repeats_no_other_effect, Topology, Topologies) {
  Projected it{Topology::passage};
  for (int i = 1; i <= 20; ++i) it.add(i % 2 == 0 ? "a" : "b", i);
  it.run("DELETE FROM mirror_sum");
  BOOST_TEST(it.rewind(it.position(0)).ok());
  BOOST_TEST(it.sums() == "a20 b19");
  BOOST_TEST(it.effects("event") == 20);
  BOOST_TEST(it.effects("command") == 20);
  it.add("a", 21);
  BOOST_TEST(it.sums() == "a21 b19");
  BOOST_TEST(it.effects("event") == 21);
  BOOST_TEST(it.effects("command") == 21);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(goes_to_any_position, Topology, Topologies) {
  Projected it{Topology::passage};
  for (const char* key : {"a", "b", "c"}) it.add(key, 1);  // two rows each
  it.run("DELETE FROM mirror_sum");
  BOOST_TEST(it.rewind(it.position(2)).ok());
  BOOST_TEST(it.sums() == "b1 c1");
  BOOST_TEST(it.rewind(it.position(6)).ok());
  BOOST_TEST(it.seq() == 6U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(outlives_the_process_that_does_it, Topology, Topologies) {
  for (int reach = 1; reach <= 3; ++reach) {
    Projected it{Topology::passage};
    for (int i = 1; i <= 10; ++i) it.add("a", i);
    it.run("DELETE FROM mirror_sum");
    it.world.faults().clear();
    it.world.crash_at("before_commit", reach);
    static_cast<void>(it.rewind(it.position(0)));
    it.world.recover();
    BOOST_TEST(it.rewind(it.position(0)).ok());
    it.world.advance(5s);
    BOOST_TEST(it.sums() == "a10");
    BOOST_TEST(it.effects("event") == 10);
    BOOST_TEST(it.effects("command") == 10);
  }
}

// Each message that was on its way when it went back does not follow on.
BOOST_AUTO_TEST_CASE(asks_once_for_what_is_missing_however_much_is_on_its_way) {
  World::Options options;
  options.instance.group_max = 1;  // each command is a batch of its own
  Projected it{options};
  const auto start = it.position(0);
  it.on_change = [&] {
    it.world.instance("mirror").rewind("counter", start, [](const Status&) {});
    for (int i = 2; i <= 30; ++i)
      it.world.ask(Add{.key = "a", .number = i}, it.world.call_options(), [](const auto&) {});
    it.world.settle();
  };
  it.add("a", 1);
  BOOST_TEST(it.sums() == "a30");
  BOOST_TEST(it.effects("event") == 30);
  const auto repeated =
      it.world.metrics()
          .counter(telemetry::names::consumer_messages,
                   {{"module", "mirror"}, {"type", "counter.changed.v1"}, {"outcome", "repeated"}})
          .value();
  BOOST_TEST(repeated <= 60U);
}

// Retention may have taken what it was to be made of.
BOOST_AUTO_TEST_CASE(can_go_forward_again_to_where_it_was) {
  Projected it;
  for (int i = 1; i <= 10; ++i) it.add("a", i);
  it.world.stop("counter");
  const auto before = it.seq();
  BOOST_TEST(it.rewind(it.named(4)).ok());
  BOOST_TEST(it.seq() == 4U);
  BOOST_TEST(it.rewind(it.named(before)).ok());
  BOOST_TEST(it.seq() == before);
  BOOST_TEST(
      (it.rewind(it.named(before + 1)).error() == Error{Errc::invalid_argument, "delivery.position_ahead"}));
}

BOOST_AUTO_TEST_CASE(again_before_it_is_done_changes_nothing_in_the_end) {
  Projected it;
  for (int i = 1; i <= 10; ++i) it.add("a", i);
  it.world.instance("mirror").rewind("counter", it.position(4), [](const Status&) {});
  it.world.instance("mirror").rewind("counter", it.position(0), [](const Status&) {});
  it.world.settle();
  BOOST_TEST(it.sums() == "a10");
  BOOST_TEST(it.effects("event") == 10);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(is_refused_and_changes_nothing, Projected)

BOOST_AUTO_TEST_CASE(to_where_the_subscriber_has_not_been) {
  add("a", 1);
  auto ahead = position(2);
  ahead.seq = 3;
  BOOST_TEST((rewind(ahead).error() == Error{Errc::invalid_argument, "delivery.position_ahead"}));
  BOOST_TEST(seq() == 2U);
}

BOOST_AUTO_TEST_CASE(in_another_log) {
  add("a", 1);
  auto other = position(1);
  other.epoch = {};
  BOOST_TEST((rewind(other).error() == Error{Errc::conflict, "delivery.other_log"}));
  BOOST_TEST(seq() == 2U);
}

BOOST_AUTO_TEST_CASE(of_a_producer_that_it_does_not_know) {
  add("a", 1);
  BOOST_TEST((rewind(position(0), "nobody").error() == Error{Errc::not_found, "module.unknown_producer"}));
  BOOST_TEST((rewind(position(0), "mirror").error() == Error{Errc::not_found, "module.unknown_producer"}));
}

BOOST_AUTO_TEST_CASE(without_a_projection) {
  add("a", 1);
  const Error refused{Errc::rejected, "module.not_rewindable"};
  BOOST_TEST((rewind(position(0), "counter", "idle").error() == refused));
  BOOST_TEST((rewind(position(0), "idle").error() == refused));
}

BOOST_AUTO_TEST_CASE(while_messages_are_parked) {
  add("a", 1, "refuse");
  BOOST_TEST((rewind(position(0)).error() == Error{Errc::conflict, "delivery.still_parked"}));
  BOOST_TEST(seq() == 2U);
}

BOOST_AUTO_TEST_CASE(if_its_commit_fails) {
  add("a", 1);
  world.faults().clear();
  world.faults().fail("before_commit");
  BOOST_TEST(rewind(position(0)).error().reason() == "store.fault");
  world.advance(2s);
  BOOST_TEST(seq() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_projection)

BOOST_AUTO_TEST_CASE(that_emits_fails_and_what_it_emitted_goes_nowhere) {
  Projected it;
  it.add("a", 1, "emit");
  BOOST_TEST(it.world.value<std::string>("mirror", "SELECT cause FROM banyan_parked ORDER BY seq LIMIT 1")
                 .value()
                 .starts_with("module.projection_emits"));
  BOOST_TEST(it.world.value<int>("mirror", "SELECT count(*) FROM banyan_outbox").value() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
