#define BOOST_TEST_MODULE module_time
#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "counting.hpp"

using namespace banyan;
using namespace banyan::module;

namespace {

using Lines = std::vector<std::string>;
const auto per_element = boost::test_tools::per_element();

/// A counter that ticks once a minute, and writes down which second of the test it was.
struct Clockwork {
  Clockwork() : world{{clockwork()}} {}

  Module clockwork() {
    static const message::Descriptor* const messages[] = {&Added::descriptor(), &Add::descriptor(),
                                                          &Changed::descriptor(), &Run::descriptor()};
    return Module{"counter", messages}
        .handles<Add>(
            [this](Tx& tx, const Add& command, const Context&) { return count(script, tx, command); })
        .handles<Run>([](Tx& tx, const Run& command, const Context&) -> Result<Added> {
          tx.execute(command.text);
          return Added{};
        })
        .every(1min, "tick",
               [this](Tx& tx, const Context& context) {
                 if (began == Timestamp{}) return success();
                 const auto age = std::chrono::duration_cast<std::chrono::seconds>(context.now - began);
                 write_down(tx, "tick", "", age.count());
                 return act(script, "tick");
               })
        .migrates(entries());
  }

  std::vector<std::int64_t> ticks() {
    std::vector<std::int64_t> all;
    world.inspect("counter", [&](View& view) {
      auto rows = view.query("SELECT number FROM entry WHERE type = 'tick' ORDER BY n");
      while (rows.next()) all.push_back(rows.get<std::int64_t>(0));
    });
    return all;
  }

  Script script;
  Timestamp began{};
  testing::World world;
};

using Seconds = std::vector<std::int64_t>;

}  // namespace

BOOST_AUTO_TEST_SUITE(schedules)

struct Ticking : Clockwork {
  Ticking() { began = world.clock().utc(); }
};

BOOST_FIXTURE_TEST_CASE(run_once_a_period, Ticking) {
  world.advance(59s, 1s);
  BOOST_TEST(ticks().empty());
  world.advance(121s, 1s);
  BOOST_TEST(ticks() == (Seconds{60, 120, 180}), per_element);
}

BOOST_FIXTURE_TEST_CASE(make_up_for_a_downtime_once, Ticking) {
  world.advance(61s, 1s);
  world.stop("counter");
  world.advance(10min, 1s);
  world.start("counter");
  BOOST_TEST(ticks() == (Seconds{60, 661}), per_element);
  world.advance(1min, 1s);
  BOOST_TEST(ticks() == (Seconds{60, 661, 721}), per_element);
}

BOOST_FIXTURE_TEST_CASE(come_due_although_the_process_never_lives_as_long_as_a_period, Ticking) {
  for (int i = 0; i < 5; ++i) {
    world.advance(25s, 1s);
    world.crash();
    world.recover();
  }
  BOOST_TEST(ticks() == (Seconds{60, 120}), per_element);
}

// The clock was ahead, or the period was longer in the version before.
BOOST_FIXTURE_TEST_CASE(run_a_period_after_the_start_at_the_latest, Ticking) {
  BOOST_REQUIRE(world.call(Run{.text = "UPDATE banyan_schedule SET next_at = next_at + 86400000000"}).ok());
  world.restart();
  world.advance(60s, 1s);
  BOOST_TEST(ticks() == (Seconds{60}), per_element);
}

BOOST_FIXTURE_TEST_CASE(keep_their_period_when_the_clock_is_set, Ticking) {
  world.advance(61s, 1s);
  for (const auto difference : {25h, -50h}) {
    world.clock().set_by(difference);
    world.advance(60s, 1s);
  }
  BOOST_TEST(ticks().size() == 3U);
  world.crash();
  world.clock().set_by(-9000h);
  world.recover();
  world.advance(61s, 1s);
  BOOST_TEST(ticks().size() == 4U);
}

BOOST_FIXTURE_TEST_CASE(that_fail_or_throw_leave_nothing_and_run_again_a_period_later, Ticking) {
  script["tick"] = refused;
  world.advance(61s, 1s);
  script["tick"] = []() -> Status { throw std::runtime_error("boom"); };
  world.advance(60s, 1s);
  BOOST_TEST(ticks().empty());
  script.clear();
  world.advance(60s, 1s);
  BOOST_TEST(ticks() == (Seconds{180}), per_element);
}

BOOST_FIXTURE_TEST_CASE(whose_commit_fails_run_again_after_a_pause, Ticking) {
  world.advance(59s, 1s);
  world.faults().clear();
  world.faults().fail("before_commit", 1);
  world.advance(1s, 1s);
  BOOST_TEST(ticks().empty());
  world.advance(1s, 1s);
  BOOST_TEST(ticks() == (Seconds{61}), per_element);
}

BOOST_FIXTURE_TEST_CASE(that_fail_are_told_of, Ticking) {
  script["tick"] = refused;
  world.advance(61s, 1s);
  const std::string line = world.log().back();
  BOOST_TEST(line.find(R"("level":"error")") != std::string::npos);
  BOOST_TEST(line.find(R"("message":"own work failed")") != std::string::npos);
  BOOST_TEST(line.find(R"("work":"tick","cause":{"code":"rejected","reason":"test.no"})") !=
             std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(do_not_keep_the_module_from_its_commands, Ticking) {
  script["tick"] = refused;
  world.advance(10min, 1s);
  BOOST_TEST(world.call(Add{.key = "a"}).ok());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(waking_up)

// However often something earlier comes up than what the module waits for, it wakes up once for each.
BOOST_AUTO_TEST_CASE(happens_as_often_as_there_is_a_reason) {
  Counting it;
  it.script["counter.changed.v1"] = []() -> Status { return Error{Errc::internal, "test.broken"}; };
  for (int i = 0; i < 50; ++i) {
    BOOST_REQUIRE(it.add("k" + std::to_string(i), 1).ok());
    BOOST_REQUIRE(it.world.call(Forward{.key = "a", .number = 1 + i % 7}).ok());
    it.world.advance(50ms, 10ms);
  }
  it.world.advance(2min, 1s);
  it.world.faults().clear();
  it.world.advance(10s);
  BOOST_TEST(it.world.faults().reached("after_begin") <= 2 * 11);
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

using Sent = testing::Sample<"sender.sent.v1", Kind::reply>;
using Send = testing::Sample<"sender.send.v1", Kind::command, Sent>;

/// A module that pays, which it prepares as the script says, and one that sends it so many payments.
struct Paying {
  Module payer() {
    static const message::Descriptor* const messages[] = {&Added::descriptor(), &Pay::descriptor(),
                                                          &Changed::descriptor()};
    return Module{"counter", messages}
        .handles_prepared<Pay, int>(
            [this](const Pay&, const Context&) -> Result<int> {
              const Status said = act(script, "prepare");
              return said.ok() ? Result<int>{1} : Result<int>{said.error()};
            },
            [this](Tx& tx, const Pay& command, int, const Context&) { return count(script, tx, command); })
        .migrates(entries());
  }
  static Module sender() {
    static const message::Descriptor* const messages[] = {&Sent::descriptor(), &Send::descriptor()};
    return Module{"sender", messages}.handles<Send>(
        [](Tx& tx, const Send& command, const Context&) -> Result<Sent> {
          for (std::int64_t i = 0; i < command.number; ++i) tx.send(Pay{.key = std::to_string(i)});
          return Sent{};
        });
  }
  int paid() {
    return world.value<int>("counter", "SELECT count(*) FROM entry WHERE type = 'counter.pay.v1'").value();
  }

  Script script;
  int prepared = 0;
  testing::World world{{payer(), sender()}};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(slow_preparations, Paying)

BOOST_AUTO_TEST_CASE(of_a_parked_message_do_not_make_its_effect_happen_twice) {
  script["prepare"] = [&]() -> Status {
    if (++prepared == 1) return Error{Errc::internal, "test.broken"};
    if (prepared == 2) world.advance(30s, 1s);  // meanwhile the next attempts would fall due
    return success();
  };
  BOOST_REQUIRE(world.call(Send{.number = 1}).ok());
  world.advance(1min, 1s);
  BOOST_TEST(prepared == 2);
  BOOST_TEST(paid() == 1);
  BOOST_TEST(world.instance("counter").health().parked == 0U);
}

BOOST_AUTO_TEST_CASE(are_not_tried_for_every_message_while_none_can_be_done) {
  script["prepare"] = [&]() -> Status { return ++prepared, Error{Errc::unavailable, "test.away"}; };
  BOOST_REQUIRE(world.call(Send{.number = 100}).ok());
  for (int i = 0; i < 20; ++i) BOOST_REQUIRE(world.call(Send{.number = 1}).ok());
  BOOST_TEST(prepared == 1);
  BOOST_TEST(paid() == 0);
  script.clear();
  world.advance(10s);
  BOOST_TEST(paid() == 120);
  BOOST_TEST(world.instance("counter").health().parked == 0U);
}

BOOST_AUTO_TEST_CASE(that_can_not_be_done_now_are_told_of_once) {
  script["prepare"] = []() -> Status { return Error{Errc::unavailable, "test.away", "nobody there"}; };
  BOOST_REQUIRE(world.call(Send{.number = 3}).ok());
  world.advance(10s);
  script.clear();
  world.advance(10s);
  Lines told;
  for (const std::string& line : world.log()) {
    if (line.find("\"messages ") != std::string::npos) told.push_back(line);
  }
  BOOST_REQUIRE(told.size() == 2U);
  BOOST_TEST(told[0].find(R"("message":"messages wait")") != std::string::npos);
  BOOST_TEST(told[0].find(R"("reason":"test.away","detail":"nobody there")") != std::string::npos);
  BOOST_TEST(told[1].find(R"("message":"messages go on")") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
