#define BOOST_TEST_MODULE module_clock
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "counting.hpp"

using namespace banyan;
using namespace banyan::module;
using Lines = std::vector<std::string>;

namespace {

const auto per_element = boost::test_tools::per_element();

/// The errors that a system's clock may have.
constexpr Duration differences[] = {-24h, -1h, -60s, 60s, 1h, 25h};

/// Sets the clock, in the middle of the process or while it does not run.
struct Wrong : Counting {
  void set(Duration difference, bool at_the_start) {
    if (at_the_start) world.crash();
    world.clock().set_by(difference);
    if (at_the_start) world.recover();
  }
  int rows(std::string_view table) {
    return world.value<int>("counter", "SELECT count(*) FROM " + std::string{table}).value();
  }
};

void with_each_difference(const std::function<void(Wrong&, Duration, bool)>& check) {
  for (const Duration difference : differences) {
    for (const bool at_the_start : {false, true}) {
      BOOST_TEST_CONTEXT("set by " << difference.count() << " us, "
                                   << (at_the_start ? "at the start" : "running")) {
        Wrong it;
        check(it, difference, at_the_start);
      }
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(a_clock_that_was_wrong_once)

BOOST_AUTO_TEST_CASE(has_no_request_carried_out_twice) {
  with_each_difference([](Wrong& it, Duration difference, bool at_the_start) {
    it.insist("a", 5);
    it.set(difference, at_the_start);
    it.world.advance(15s, 1s);
    it.insist("a", 5);
    it.set(-difference, at_the_start);
    it.world.advance(15s, 1s);
    it.insist("a", 5);
    BOOST_TEST(it.counted() == (Lines{"a5"}), per_element);
    BOOST_TEST(it.mirrored() == (Lines{"a5"}), per_element);
  });
}

BOOST_AUTO_TEST_CASE(removes_nothing_of_the_log_before_its_time_and_all_in_its_time) {
  with_each_difference([](Wrong& it, Duration difference, bool at_the_start) {
    for (int i = 0; i < 3; ++i) BOOST_REQUIRE(it.add("a", i).ok());
    it.set(difference, at_the_start);
    it.world.advance(23h, 1h);
    BOOST_TEST(it.rows("banyan_outbox") == 3);
    it.set(-difference, at_the_start);
    it.world.advance(2h, 1h);
    BOOST_TEST(it.rows("banyan_outbox") == 1);
  });
}

BOOST_AUTO_TEST_CASE(has_a_message_that_failed_tried_again_when_its_time_has_come) {
  with_each_difference([](Wrong& it, Duration difference, bool at_the_start) {
    it.script["counter.changed.v1"] = []() -> Status { return Error{Errc::internal, "test.broken"}; };
    BOOST_REQUIRE(it.add("a", 1).ok());
    it.script.clear();
    it.set(difference, at_the_start);
    BOOST_TEST(it.mirrored().empty());
    it.world.advance(10s, 1s);
    BOOST_TEST(it.mirrored() == (Lines{"a1"}), per_element);
  });
}

BOOST_AUTO_TEST_CASE(keeps_ids_in_the_order_in_which_they_were_made) {
  with_each_difference([](Wrong& it, Duration difference, bool at_the_start) {
    BOOST_REQUIRE(it.add("a", 1).ok());
    it.set(difference, at_the_start);
    BOOST_REQUIRE(it.add("a", 2).ok());
    it.set(-difference, at_the_start);
    BOOST_REQUIRE(it.add("a", 3).ok());
    Lines ids;
    it.world.inspect("counter", [&](View& view) {
      auto rows = view.query("SELECT headers ->> 'id' FROM banyan_outbox ORDER BY seq");
      while (rows.next()) ids.push_back(rows.get<std::string>(0));
    });
    BOOST_REQUIRE(ids.size() == 3U);
    BOOST_TEST((ids[0] < ids[1] && ids[1] < ids[2]));
  });
}

BOOST_AUTO_TEST_CASE(is_followed_by_all_that_is_written_as_a_time_of_day) {
  with_each_difference([](Wrong& it, Duration difference, bool at_the_start) {
    it.set(difference, at_the_start);
    BOOST_REQUIRE(it.add("a", 1).ok());
    const auto sent = it.world.value<std::string>("counter", "SELECT headers ->> 'time' FROM banyan_outbox");
    BOOST_TEST(sent.value() == to_rfc3339(it.world.clock().utc()));
    it.set(-difference, false);
    BOOST_REQUIRE(it.add("a", 2).ok());
    const auto later =
        it.world.value<std::string>("counter", "SELECT headers ->> 'time' FROM banyan_outbox WHERE seq = 2");
    BOOST_TEST(later.value() == to_rfc3339(it.world.clock().utc()));
  });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(a_message_for_a_time_of_day, Wrong)

BOOST_AUTO_TEST_CASE(comes_at_once_when_the_clock_is_set_behind_that_time) {
  BOOST_REQUIRE(world.call(Forward{.key = "a", .number = 3600}).ok());
  world.advance(5s, 1s);
  BOOST_TEST(notes().empty());
  world.clock().set_by(1h);
  world.advance(1s, 1s);
  BOOST_TEST(notes().size() == 1U);
}

BOOST_AUTO_TEST_CASE(waits_longer_when_the_clock_is_set_back) {
  BOOST_REQUIRE(world.call(Forward{.key = "a", .number = 60}).ok());
  world.clock().set_by(-1h);
  world.advance(1h, 10s);
  BOOST_TEST(notes().empty());
  world.advance(61s, 1s);
  BOOST_TEST(notes().size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

using Sent = testing::Sample<"sender.sent.v1", Kind::reply>;
using Send = testing::Sample<"sender.send.v1", Kind::command, Sent>;

/// A module that sends notes to the mirror, good for `number` seconds.
struct Sending {
  static Module sender() {
    static const message::Descriptor* const messages[] = {&Sent::descriptor(), &Send::descriptor()};
    return Module{"sender", messages}.handles<Send>([](Tx& tx, const Send& command,
                                                       const Context& context) -> Result<Sent> {
      tx.emit(message::Payload::of(Note{.key = command.key}),
              {.destination = "mirror", .deadline = context.instant + std::chrono::seconds{command.number}});
      return Sent{};
    });
  }

  /// Each under a key of its own: one that fails holds up no other.
  void send(std::int64_t good_for) {
    BOOST_REQUIRE(world.call(Send{.key = std::to_string(++keys), .number = good_for}).ok());
  }
  int keys = 0;
  int notes() { return world.value<int>("mirror", "SELECT count(*) FROM entry").value(); }
  std::optional<Expired> expired() { return world.instance("mirror").health().expired; }
  /// How often the log has told that so many commands expired.
  std::size_t told(int commands) {
    const std::string number = "\"commands\":" + std::to_string(commands);
    const auto lines = world.log();
    return static_cast<std::size_t>(std::ranges::count_if(lines, [&](const std::string& line) {
      return line.find("\"message\":\"command expired\"") != line.npos && line.find(number) != line.npos;
    }));
  }

  Script script;
  testing::World world{{sender(), mirror(script)}};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_durable_command, Sending)

BOOST_AUTO_TEST_CASE(does_not_expire_because_a_clock_is_set) {
  for (const Duration difference : differences) {
    world.stop("mirror");
    send(30);
    world.clock().set_by(difference);
    world.advance(20s, 1s);
    world.start("mirror");
  }
  BOOST_TEST(notes() == 6);
  BOOST_TEST(!expired());
}

BOOST_AUTO_TEST_CASE(does_not_expire_because_its_process_starts_with_another_clock) {
  for (const Duration difference : differences) {
    world.stop("mirror");
    send(30);
    world.crash();
    world.clock().set_by(difference);
    world.recover();
  }
  BOOST_TEST(notes() == 6);
  BOOST_TEST(!expired());
}

BOOST_AUTO_TEST_CASE(expires_when_its_time_has_passed) {
  world.stop("mirror");
  send(30);
  world.advance(31s, 1s);
  world.start("mirror");
  BOOST_TEST(notes() == 0);
  BOOST_TEST(expired().has_value());
}

BOOST_AUTO_TEST_CASE(that_comes_too_late_is_counted_told_once_a_minute_and_shown_for_five) {
  const Timestamp since = world.clock().utc();
  for (int i = 0; i < 3; ++i) send(0);
  BOOST_TEST(notes() == 0);
  BOOST_REQUIRE(expired().has_value());
  BOOST_TEST(expired()->commands == 3U);
  BOOST_TEST((expired()->since == since));
  BOOST_TEST(told(1) == 1U);
  BOOST_TEST(world.metrics().render().find(
                 R"(banyan_consumer_expired_total{module="mirror",type="mirror.note.v1"} 3)") !=
             std::string::npos);
  world.advance(1min, 1s);
  send(0);
  BOOST_TEST(told(3) == 1U);
  BOOST_TEST(expired()->commands == 4U);
  world.advance(5min - 1s, 1s);
  BOOST_TEST(expired().has_value());
  world.advance(1s, 1s);
  BOOST_TEST(!expired());
}

BOOST_AUTO_TEST_SUITE_END()
