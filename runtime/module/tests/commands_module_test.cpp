#define BOOST_TEST_MODULE module_commands
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "counting.hpp"

using namespace banyan;
using namespace banyan::module;

namespace {

using Lines = std::vector<std::string>;
const auto per_element = boost::test_tools::per_element();

testing::World::Options options_with(std::function<void(InstanceOptions&)> change) {
  testing::World::Options options;
  change(options.instance);
  return options;
}

/// Asks for many things at once and keeps the answers.
struct Crowd : Counting {
  using Counting::Counting;

  void ask(Add command, message::CallOptions options) {
    const std::size_t place = answers.size();
    answers.push_back(Error{Errc::internal, "test.unanswered"});
    world.ask(std::move(command), options, [this, place](auto answer) { answers[place] = status(answer); });
  }
  void ask(Add command) { ask(std::move(command), world.call_options()); }

  std::vector<std::string> reasons() const {
    std::vector<std::string> all;
    for (const Status& answer : answers) all.push_back(answer.ok() ? "ok" : answer.error().reason());
    return all;
  }

  std::vector<Status> answers;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(group_commit, Crowd)

BOOST_AUTO_TEST_CASE(takes_all_commands_that_wait_in_one_commit) {
  world.stop("mirror");
  world.faults().clear();
  for (int i = 0; i < 100; ++i) ask(Add{.key = "a", .number = i});
  world.settle();
  BOOST_TEST(world.faults().reached("after_commit") == 1);
  BOOST_TEST(counted().size() == 100U);
  BOOST_TEST(reasons() == Lines(100, "ok"), per_element);
}

BOOST_AUTO_TEST_CASE(does_not_keep_a_command_until_all_messages_that_have_arrived_are_handled) {
  world.stop("mirror");
  for (int i = 0; i < 500; ++i) ask(Add{.key = "a", .number = i});
  world.settle();
  int handled = 0;
  int handled_before_answer = 0;
  script["counter.changed.v1"] = [&] {
    if (++handled > 1) return success();
    world.ask<Note>(Note{.key = "n"}, world.call_options(), [&](const Result<Noted>& answer) {
      BOOST_TEST(answer.ok());
      handled_before_answer = handled;
    });
    return success();
  };
  world.start("mirror");
  BOOST_TEST(handled == 500);
  BOOST_TEST(handled_before_answer > 0);
  BOOST_TEST(handled_before_answer < 200);
  BOOST_TEST(mirrored().size() == 500U);
}

BOOST_AUTO_TEST_CASE(answers_nobody_before_it) {
  ask(Add{.key = "a"});
  world.faults().run("before_commit", 1,
                     [&] { BOOST_TEST(reasons() == (Lines{"test.unanswered"}), per_element); });
  world.settle();
  BOOST_TEST(reasons() == (Lines{"ok"}), per_element);
}

BOOST_AUTO_TEST_CASE(a_command_that_fails_does_not_disturb_the_others) {
  script["counter.add.v1/b"] = refused;
  script["counter.add.v1/c"] = []() -> Status { throw std::runtime_error("boom"); };
  for (const char* key : {"a", "b", "c", "d"}) ask(Add{.key = key, .number = 1});
  world.settle();
  BOOST_TEST(reasons() == (Lines{"ok", "test.no", "store.handler_threw", "ok"}), per_element);
  BOOST_TEST(counted() == (Lines{"a1", "d1"}), per_element);
  BOOST_TEST(mirrored() == (Lines{"a1", "d1"}), per_element);
  BOOST_TEST(entries_of("counter", "counter.touched.v1") == (Lines{"a1", "d1"}), per_element);
}

BOOST_AUTO_TEST_CASE(that_fails_tells_everybody_and_leaves_nothing) {
  for (const char* key : {"a", "b"}) ask(Add{.key = key, .number = 1});
  world.faults().fail("before_commit");
  world.settle();
  BOOST_TEST(reasons() == (Lines{"store.fault", "store.fault"}), per_element);
  world.advance(5s);
  BOOST_TEST(counted().empty());
  BOOST_TEST(mirrored().empty());
  BOOST_TEST(add("a", 2).ok());
  BOOST_TEST(mirrored() == (Lines{"a2"}), per_element);
}

BOOST_AUTO_TEST_CASE(whose_answer_is_lost_goes_on_from_what_the_store_holds) {
  ask(Add{.key = "a", .number = 1});
  world.faults().fail("after_commit");
  world.settle();
  BOOST_TEST(reasons() == (Lines{"store.fault"}), per_element);
  BOOST_TEST(add("a", 2).ok());
  world.advance(2s);
  BOOST_TEST(counted() == (Lines{"a1", "a2"}), per_element);
  BOOST_TEST(mirrored() == (Lines{"a1", "a2"}), per_element);
}

BOOST_AUTO_TEST_CASE(that_a_command_has_rolled_back_is_lost_for_all_before_it_and_they_are_told) {
  BOOST_REQUIRE(add("first").ok());
  ask(Add{.key = "a", .number = 1});
  world.ask(Run{.text = "INSERT OR ROLLBACK INTO entry (n, type, key, number) VALUES (1, '', '', 0)"},
            world.call_options(), [](auto answer) { BOOST_TEST(!answer.ok()); });
  ask(Add{.key = "b", .number = 1});
  world.settle();
  BOOST_TEST(reasons() == (Lines{"store.constraint", "ok"}), per_element);
  BOOST_TEST(counted() == (Lines{"first1", "b1"}), per_element);
  BOOST_TEST(mirrored() == (Lines{"first1", "b1"}), per_element);
}

BOOST_AUTO_TEST_CASE(refuses_while_no_transaction_can_be_opened) {
  world.faults().fail_from("after_begin");
  BOOST_TEST(add("a").error().reason() == "store.fault");
  world.advance(3s);
  world.faults().clear();
  BOOST_TEST(add("a").ok());
  BOOST_TEST(mirrored() == (Lines{"a1"}), per_element);
}

BOOST_AUTO_TEST_CASE(is_not_larger_than_it_may_be) {
  Crowd small{options_with([](auto& options) { options.group_max = 10; })};
  small.world.stop("mirror");
  small.world.faults().clear();
  for (int i = 0; i < 25; ++i) small.ask(Add{.key = "a"});
  small.world.settle();
  BOOST_TEST(small.world.faults().reached("after_commit") == 3);
  BOOST_TEST(small.counted().size() == 25U);
  BOOST_TEST(small.reasons() == Lines(25, "ok"), per_element);
}

BOOST_AUTO_TEST_CASE(ends_with_the_command_that_has_it_emit_too_much) {
  const std::size_t bytes = message::Payload::of(Changed{.key = "a"}).to_json().size();
  Crowd small{options_with([&](auto& options) { options.group_bytes_max = 3 * bytes; })};
  small.script["counter.add.v1/b"] = refused;  // emits nothing that counts
  small.world.stop("mirror");
  small.world.faults().clear();
  for (int i = 0; i < 3; ++i) {
    for (const char* key : {"a", "b", "a", "a"}) small.ask(Add{.key = key});
  }
  small.world.settle();
  BOOST_TEST(small.world.faults().reached("after_commit") == 3);
  BOOST_TEST(small.counted().size() == 9U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(not_started, Crowd)

BOOST_AUTO_TEST_CASE(is_a_command_whose_deadline_has_passed) {
  auto options = world.call_options();
  options.envelope.deadline = world.clock().now();
  BOOST_TEST(
      (world.call(Add{.key = "a"}, options).error() == Error{Errc::deadline_exceeded, "message.expired"}));
  BOOST_TEST(counted().empty());
}

BOOST_AUTO_TEST_CASE(is_a_command_whose_deadline_passes_while_it_waits) {
  auto options = world.call_options();
  options.envelope.deadline = world.clock().now() + 1s;
  ask(Add{.key = "a"}, options);
  world.clock().advance(1s);
  world.settle();
  BOOST_TEST(reasons() == (Lines{"message.expired"}), per_element);
  BOOST_TEST(counted().empty());
}

BOOST_AUTO_TEST_CASE(is_a_command_that_does_not_fit_in_the_mailbox) {
  Crowd small{options_with([](auto& options) { options.mailbox_max = 3; })};
  for (int i = 0; i < 5; ++i) small.ask(Add{.key = "a"});
  small.world.settle();
  const Lines reasons = small.reasons();
  BOOST_TEST(std::count(reasons.begin(), reasons.end(), "module.not_taken") >= 2);
  BOOST_TEST(std::count(reasons.begin(), reasons.end(), "test.unanswered") == 0);
  BOOST_TEST((small.answers.back().error().code() == Errc::resource_exhausted));
  BOOST_TEST(small.add("a").ok());
}

BOOST_AUTO_TEST_CASE(is_a_command_while_the_disk_is_full) {
  Crowd full{options_with([](auto& options) { options.store.free_min_bytes = std::size_t{1} << 60; })};
  BOOST_TEST((full.add("a").error() == Error{Errc::resource_exhausted, "store.full"}));
  BOOST_TEST((full.health("counter").state.error().reason() == "store.full"));
  full.world.advance(1min, 1s);
}

BOOST_AUTO_TEST_CASE(is_a_message_that_the_module_does_not_know) {
  std::optional<Status> told;
  message::call<Noted>(world.endpoint("counter"), Note{}, world.call_options(),
                       [&](auto answer) { told = status(answer); });
  world.settle();
  BOOST_TEST((told->error() == Error{Errc::not_found, "message.not_handled"}));
}

BOOST_AUTO_TEST_CASE(is_anything_after_the_stop) {
  world.instance("counter").stop();
  BOOST_TEST((add("a").error() == Error{Errc::resource_exhausted, "module.not_taken"}));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(idempotency_key, Crowd)

BOOST_AUTO_TEST_CASE(gives_the_same_answer_and_one_effect) {
  for (int i = 0; i < 3; ++i) insist("a", 5);
  auto options = world.call_options();
  options.idempotency = once("a5");
  const auto answer = world.call(Add{.key = "a", .number = 5}, options);
  BOOST_TEST((answer.value() == Added{.key = "a", .number = 5}));
  BOOST_TEST(counted() == (Lines{"a5"}), per_element);
  BOOST_TEST(mirrored() == (Lines{"a5"}), per_element);
}

BOOST_AUTO_TEST_CASE(outlives_the_process) {
  insist("a", 5);
  world.crash();
  world.recover();
  insist("a", 5);
  BOOST_TEST(counted() == (Lines{"a5"}), per_element);
}

BOOST_AUTO_TEST_CASE(used_for_something_else_is_refused) {
  insist("a", 5);
  auto options = world.call_options();
  options.idempotency = message::Idempotency{"a5", "another print"};
  BOOST_TEST((world.call(Add{.key = "b"}, options).error() ==
              Error{Errc::already_exists, "idempotency.key_reused"}));
}

BOOST_AUTO_TEST_CASE(whose_first_request_is_in_the_same_group_is_in_flight) {
  auto options = world.call_options();
  options.idempotency = once("k");
  ask(Add{.key = "a"}, options);
  ask(Add{.key = "a"}, options);
  world.settle();
  BOOST_TEST(reasons() == (Lines{"ok", "idempotency.in_flight"}), per_element);
  ask(Add{.key = "a"}, options);
  world.settle();
  BOOST_TEST(answers.back().ok());
  BOOST_TEST(counted().size() == 1U);
}

BOOST_AUTO_TEST_CASE(of_a_refused_command_may_be_used_again) {
  script["counter.add.v1"] = refused;
  auto options = world.call_options();
  options.idempotency = once("k");
  BOOST_TEST(world.call(Add{.key = "a"}, options).error().reason() == "test.no");
  script.clear();
  BOOST_TEST(world.call(Add{.key = "a"}, options).ok());
}

BOOST_AUTO_TEST_CASE(of_a_lost_group_may_be_used_again) {
  world.faults().fail("before_commit");
  insist("a", 5);
  BOOST_TEST(counted() == (Lines{"a5"}), per_element);
}

BOOST_AUTO_TEST_CASE(is_forgotten_after_its_time) {
  insist("a", 5);
  world.advance(25h, 1h);
  BOOST_TEST(world.value<int>("counter", "SELECT count(*) FROM banyan_answer").value() == 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(prepared_commands, Crowd)

BOOST_AUTO_TEST_CASE(are_handled_with_what_was_prepared) {
  BOOST_TEST(world.call(Pay{.key = "a", .number = 2}).ok());
  BOOST_TEST(entries_of("counter", "counter.pay.v1") == (Lines{"a2"}), per_element);
}

BOOST_AUTO_TEST_CASE(keep_their_order) {
  for (int i = 0; i < 20; ++i) world.ask(Pay{.key = "a", .number = i}, world.call_options(), [](auto) {});
  world.settle();
  const Lines paid = entries_of("counter", "counter.pay.v1");
  BOOST_REQUIRE(paid.size() == 20U);
  for (std::size_t i = 0; i < 20; ++i) BOOST_TEST(paid[i] == "a" + std::to_string(i));
}

BOOST_AUTO_TEST_CASE(are_not_handled_when_the_preparation_fails_or_throws) {
  script["prepare counter.pay.v1"] = refused;
  BOOST_TEST(world.call(Pay{.key = "a"}).error().reason() == "test.no");
  script["prepare counter.pay.v1"] = []() -> Status { throw std::runtime_error("boom"); };
  BOOST_TEST((world.call(Pay{.key = "a"}).error() == Error{Errc::internal, "module.prepare_threw"}));
  script["prepare counter.pay.v1"] = []() -> Status { throw 42; };
  BOOST_TEST((world.call(Pay{.key = "a"}).error() == Error{Errc::internal, "module.prepare_threw"}));
  BOOST_TEST(entries_of("counter", "counter.pay.v1").empty());
}

BOOST_AUTO_TEST_CASE(whose_deadline_has_passed_ask_nobody) {
  int asked = 0;
  script["prepare counter.pay.v1"] = [&] { return ++asked, success(); };
  auto options = world.call_options();
  options.envelope.deadline = world.clock().now() + 1s;
  std::string reason;
  world.ask(Pay{.key = "a"}, options, [&](auto answer) { reason = status(answer).error().reason(); });
  world.clock().advance(1s);
  world.settle();
  BOOST_TEST(reason == "message.expired");
  BOOST_TEST(asked == 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(queries, Crowd)

BOOST_AUTO_TEST_CASE(see_what_was_committed_before_they_were_sent) {
  for (int i = 1; i <= 5; ++i) {
    BOOST_REQUIRE(add("a", 1).ok());
    BOOST_TEST(world.call(GetSum{.key = "a"}).value().number == i);
  }
}

BOOST_AUTO_TEST_CASE(that_throw_are_answered_and_harm_no_other_one) {
  script["counter.get_sum.v1"] = []() -> Status { throw std::runtime_error("boom"); };
  BOOST_TEST((world.call(GetSum{.key = "a"}).error() == Error{Errc::internal, "module.handler_threw"}));
  script["counter.get_sum.v1"] = []() -> Status { throw 42; };
  BOOST_TEST((world.call(GetSum{.key = "a"}).error() == Error{Errc::internal, "module.handler_threw"}));
  script["counter.get_sum.v1"] = refused;
  BOOST_TEST((world.call(GetSum{.key = "a"}).error() == Error{Errc::rejected, "test.no"}));
  script.clear();
  BOOST_TEST(world.call(GetSum{.key = "a"}).ok());
}

BOOST_AUTO_TEST_CASE(whose_deadline_passes_while_they_wait_are_not_started) {
  auto options = world.call_options();
  options.envelope.deadline = world.clock().now() + 1s;
  std::string reason;
  world.ask(GetSum{.key = "a"}, options, [&](auto answer) { reason = status(answer).error().reason(); });
  world.clock().advance(1s);
  world.settle();
  BOOST_TEST(reason == "message.expired");
}

BOOST_AUTO_TEST_CASE(behind_one_that_took_too_long_get_a_snapshot_of_their_own) {
  Lines reasons;
  int asked = 0;
  script["counter.get_sum.v1"] = [&] {
    if (++asked == 1) world.clock().advance(3s);
    return success();
  };
  for (int i = 0; i < 6; ++i) {
    world.ask(GetSum{.key = "a"}, world.call_options(),
              [&](auto answer) { reasons.push_back(answer.ok() ? "ok" : answer.error().reason()); });
  }
  world.settle();
  BOOST_TEST(std::count(reasons.begin(), reasons.end(), "store.read_too_long") == 1);
  BOOST_TEST(std::count(reasons.begin(), reasons.end(), "ok") == 5);
}

BOOST_AUTO_TEST_SUITE_END()
