#define BOOST_TEST_MODULE resilience_guarded
#include "banyan/resilience/guarded.hpp"

#include <boost/test/unit_test.hpp>
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "banyan/message/call.hpp"
#include "banyan/telemetry/log_sinks.hpp"
#include "banyan/testing/manual_clock.hpp"
#include "banyan/testing/sample.hpp"
#include "banyan/testing/seeded_random.hpp"

using namespace banyan;
using namespace banyan::resilience;
using namespace std::chrono_literals;

using Added = testing::Sample<"counter.added.v1", message::Kind::reply>;
using Add = testing::Sample<"counter.add.v1", message::Kind::command, Added>;
using Count = testing::Sample<"counter.count.v1", message::Kind::query, Added>;

namespace {

/// Keeps what it is asked until the test answers it.
class SilentEndpoint final : public message::Endpoint {
 public:
  void submit(message::Request request) override {
    ++asked;
    if (always) return request.reply(*always);
    waiting.push_back(std::move(request));
  }

  void answer(message::Reply reply) {
    message::Request request = std::move(waiting.front());
    waiting.pop_front();
    request.reply(std::move(reply));
  }

  int asked = 0;
  std::optional<message::Reply> always;
  std::deque<message::Request> waiting;
};

/// Time that runs what is due while it is advanced.
class Timers {
 public:
  explicit Timers(testing::ManualClock& clock) : clock_(clock) {}
  void after(Duration delay, std::function<void()> work) {
    due_.emplace(clock_.now() + delay, std::move(work));
  }
  void advance(Duration time) {
    const Instant end = clock_.now() + time;
    while (!due_.empty() && due_.begin()->first <= end) {
      const auto next = due_.extract(due_.begin());
      clock_.advance(std::max(next.key() - clock_.now(), Duration::zero()));
      next.mapped()();
    }
    clock_.advance(end - clock_.now());
  }
  std::size_t count() const { return due_.size(); }

 private:
  testing::ManualClock& clock_;
  std::multimap<Instant, std::function<void()>> due_;
};

const Error unreachable{Errc::unavailable, "remote.no_responders"};
const Error unknown{Errc::deadline_exceeded, "remote.outcome_unknown"};
const Error out_of_stock{Errc::rejected, "inventory.out_of_stock"};
const Error in_flight{Errc::conflict, "idempotency.in_flight"};
const Error busy{Errc::resource_exhausted, "module.not_taken"};

message::Reply good() { return message::Payload::of(Added{}); }

struct Fixture {
  testing::ManualClock clock;
  testing::SeededRandom random{7};
  Timers timers{clock};
  telemetry::Registry metrics;
  telemetry::CapturedLog sink;
  SilentEndpoint inner;
  std::vector<message::Reply> replies;
  bool is_reachable = true;
  std::optional<Guarded> guard;

  Fixture() { use({}); }

  void use(const GuardOptions& options) {
    guard.reset();
    guard.emplace("counter", inner, options,
                  GuardSurroundings{clock, random,
                                    [this](Duration delay, std::function<void()> work) {
                                      timers.after(delay, std::move(work));
                                    },
                                    metrics, telemetry::Log{sink, clock, "test", telemetry::Level::info},
                                    [this] { return is_reachable; }});
  }

  void ask(message::Payload payload, Instant deadline = no_deadline, const char* key = nullptr) {
    message::CallOptions options;
    options.envelope.deadline = deadline;
    if (key != nullptr) options.idempotency = message::Idempotency{key, "f"};
    guard->submit(message::to_request(std::move(payload), options,
                                      [this](message::Reply reply) { replies.push_back(std::move(reply)); }));
  }
  void query(Instant deadline = no_deadline) { ask(message::Payload::of(Count{}), deadline); }
  void command(const char* key = nullptr) { ask(message::Payload::of(Add{}), no_deadline, key); }

  const Error& error(std::size_t index = 0) const { return replies.at(index).error(); }

  void open_breaker() {
    inner.always = unreachable;
    for (int i = 0; i < 20; ++i) command();
    BOOST_REQUIRE((guard->describe().breaker == BreakerState::open));
    inner.always.reset();
    inner.asked = 0;
    replies.clear();
  }

  bool metrics_have(const std::string& line) const {
    return ("\n" + metrics.render()).find("\n" + line + "\n") != std::string::npos;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(one_call, Fixture)

BOOST_AUTO_TEST_CASE(passes_through_and_is_answered) {
  command();
  BOOST_REQUIRE(inner.waiting.size() == 1U);
  BOOST_TEST(inner.waiting.front().parcel->payload.type().type == "counter.add.v1");
  inner.answer(good());
  BOOST_REQUIRE(replies.size() == 1U);
  BOOST_TEST(replies[0].ok());
}

BOOST_AUTO_TEST_CASE(a_refusal_reaches_the_caller_at_once) {
  query();
  inner.answer(out_of_stock);
  BOOST_REQUIRE(replies.size() == 1U);
  BOOST_TEST((error() == out_of_stock));
  BOOST_TEST(timers.count() == 0U);
}

BOOST_AUTO_TEST_CASE(carries_a_deadline_no_further_than_the_timeout) {
  query();
  BOOST_TEST((inner.waiting[0].parcel->envelope.deadline == clock.now() + 5s));
}

BOOST_AUTO_TEST_CASE(carries_the_callers_own_deadline_if_that_is_earlier) {
  query(clock.now() + 2s);
  BOOST_TEST((inner.waiting[0].parcel->envelope.deadline == clock.now() + 2s));
}

BOOST_AUTO_TEST_CASE(is_not_made_after_its_deadline) {
  query(clock.now());
  BOOST_TEST(inner.asked == 0);
  BOOST_REQUIRE(replies.size() == 1U);
  BOOST_TEST(error().reason() == "message.expired");
}

BOOST_AUTO_TEST_CASE(is_answered_although_the_guard_has_gone) {
  command();
  guard.reset();
  inner.answer(good());
  BOOST_REQUIRE(replies.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(retries, Fixture)

BOOST_AUTO_TEST_CASE(a_query_is_repeated_after_a_delay) {
  query();
  inner.answer(unreachable);
  BOOST_TEST(replies.empty());
  BOOST_TEST(inner.asked == 1);
  timers.advance(1s);
  BOOST_TEST(inner.asked == 2);
  inner.answer(good());
  BOOST_REQUIRE(replies.size() == 1U);
  BOOST_TEST(replies[0].ok());
}

BOOST_AUTO_TEST_CASE(a_command_with_an_idempotency_key_is_repeated_with_it) {
  command("k1");
  inner.answer(unknown);
  timers.advance(1s);
  BOOST_REQUIRE(inner.asked == 2);
  BOOST_REQUIRE(inner.waiting[0].idempotency.has_value());
  BOOST_TEST(inner.waiting[0].idempotency->key == "k1");
}

BOOST_AUTO_TEST_CASE(a_command_without_a_key_is_not_repeated) {
  command();
  inner.answer(unreachable);
  BOOST_REQUIRE(replies.size() == 1U);
  BOOST_TEST((error() == unreachable));
  BOOST_TEST(timers.count() == 0U);
}

BOOST_AUTO_TEST_CASE(a_repeat_has_the_same_message_id_and_a_new_deadline) {
  query();
  const auto first = inner.waiting[0].parcel->envelope;
  inner.answer(unknown);
  timers.advance(1s);
  const auto& second = inner.waiting.at(0).parcel->envelope;
  BOOST_TEST((second.id == first.id));
  BOOST_TEST((second.deadline > first.deadline));
}

BOOST_AUTO_TEST_CASE(three_attempts_are_all) {
  inner.always = unreachable;
  query();
  timers.advance(1min);
  BOOST_TEST(inner.asked == 3);
  BOOST_REQUIRE(replies.size() == 1U);
  BOOST_TEST((error() == unreachable));
}

BOOST_AUTO_TEST_CASE(refusals_are_not_repeated) {
  for (const Errc code : {Errc::invalid_argument, Errc::not_found, Errc::conflict, Errc::already_exists,
                          Errc::rejected, Errc::resource_exhausted, Errc::data_loss, Errc::internal}) {
    inner.always = Error{code, "counter.reason"};
    query();
    timers.advance(1min);
  }
  BOOST_TEST(inner.asked == 8);
  BOOST_TEST(replies.size() == 8U);
  BOOST_TEST(guard->describe().failures == 0);
}

BOOST_AUTO_TEST_CASE(no_repeat_begins_after_the_callers_deadline) {
  inner.always = unreachable;
  const Instant deadline = clock.now() + 1ms;
  for (int i = 0; i < 5; ++i) query(deadline);
  for (const auto& request : inner.waiting) BOOST_TEST((request.parcel->envelope.deadline <= deadline));
  timers.advance(1ms);
  BOOST_TEST(replies.size() == 5U);
  timers.advance(1min);
  BOOST_TEST(inner.asked <= 10);
}

BOOST_AUTO_TEST_CASE(repeats_stop_when_the_budget_is_spent) {
  GuardOptions options;
  options.breaker.calls_min = 100'000;
  use(options);
  inner.always = unreachable;
  for (int i = 0; i < 1000; ++i) {
    query();
    timers.advance(10s);
  }
  BOOST_TEST(replies.size() == 1000U);
  BOOST_TEST(inner.asked <= 1000 + 100 + 10);
  BOOST_TEST(inner.asked >= 1100);
}

BOOST_AUTO_TEST_CASE(delays_are_spread_over_the_whole_interval) {
  GuardOptions options;
  options.breaker.calls_min = 100'000;
  options.retry_budget = {.percent = 100, .burst = 1000};
  options.bulkhead.concurrent_max = 1000;
  use(options);
  inner.always = unreachable;
  for (int i = 0; i < 200; ++i) query();
  inner.asked = 0;
  timers.advance(500ms);
  BOOST_TEST(inner.asked > 60);
  BOOST_TEST(inner.asked < 180);
}

BOOST_AUTO_TEST_CASE(a_first_delay_above_the_longest_is_cut_to_it) {
  GuardOptions options;
  options.retry = {.attempts_max = 3, .delay_base = 1min, .delay_max = 10ms};
  use(options);
  query();
  inner.answer(unreachable);
  timers.advance(10ms);
  BOOST_TEST(inner.asked == 2);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(doubt, Fixture)

BOOST_AUTO_TEST_CASE(a_repeat_that_finds_the_first_attempt_under_way_waits_and_asks_again) {
  command("k");
  inner.answer(unknown);
  timers.advance(1s);
  inner.answer(in_flight);
  BOOST_TEST(replies.empty());
  timers.advance(2s);
  inner.answer(good());
  BOOST_REQUIRE(replies.size() == 1U);
  BOOST_TEST(replies[0].ok());
}

BOOST_AUTO_TEST_CASE(under_way_to_the_end_is_an_unknown_outcome) {
  command("k");
  inner.answer(unknown);
  timers.advance(1s);
  inner.answer(in_flight);
  timers.advance(2s);
  inner.answer(in_flight);
  BOOST_REQUIRE(replies.size() == 1U);
  BOOST_TEST((error() == unknown));
}

BOOST_AUTO_TEST_CASE(under_way_on_behalf_of_somebody_else_is_a_refusal) {
  command("k");
  inner.answer(in_flight);
  BOOST_REQUIRE(replies.size() == 1U);
  BOOST_TEST((error() == in_flight));
}

BOOST_AUTO_TEST_CASE(a_busy_callee_does_not_make_an_unknown_outcome_known) {
  command("k");
  inner.answer(unknown);
  timers.advance(1s);
  inner.answer(busy);
  BOOST_REQUIRE(replies.size() == 1U);
  BOOST_TEST((error() == unknown));
}

BOOST_AUTO_TEST_CASE(an_unreachable_callee_does_not_make_an_unknown_outcome_known) {
  command("k");
  inner.answer(unknown);
  timers.advance(1s);
  inner.answer(unreachable);
  timers.advance(2s);
  inner.answer(unreachable);
  BOOST_REQUIRE(replies.size() == 1U);
  BOOST_TEST((error() == unknown));
}

BOOST_AUTO_TEST_CASE(a_refusal_after_an_unknown_outcome_is_definite) {
  command("k");
  inner.answer(unknown);
  timers.advance(1s);
  inner.answer(out_of_stock);
  BOOST_REQUIRE(replies.size() == 1U);
  BOOST_TEST((error() == out_of_stock));
}

BOOST_AUTO_TEST_CASE(a_breaker_that_opens_before_the_repeat_leaves_the_first_error) {
  command("k");
  inner.answer(unknown);
  inner.always = unreachable;
  for (int i = 0; i < 19; ++i) command();
  BOOST_REQUIRE((guard->describe().breaker == BreakerState::open));
  replies.clear();
  timers.advance(1s);
  BOOST_REQUIRE(replies.size() == 1U);
  BOOST_TEST((error() == unknown));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(breaker, Fixture)

BOOST_AUTO_TEST_CASE(refuses_at_once_when_open_and_says_for_how_long) {
  open_breaker();
  clock.advance(18s);
  query();
  BOOST_TEST(inner.asked == 0);
  BOOST_REQUIRE(replies.size() == 1U);
  BOOST_TEST((error() == Error{Errc::unavailable, "resilience.open"}));
  BOOST_TEST(error().detail() == "counter has failed; try again in 12 s");
  BOOST_TEST((guard->describe().refused_for == 12s));
}

BOOST_AUTO_TEST_CASE(closes_after_three_good_trials) {
  open_breaker();
  clock.advance(30s);
  for (int i = 0; i < 4; ++i) query();
  BOOST_TEST(inner.asked == 3);
  BOOST_REQUIRE(replies.size() == 1U);
  BOOST_TEST(error().reason() == "resilience.open");
  for (int i = 0; i < 3; ++i) inner.answer(good());
  BOOST_TEST(guard->describe().is_well());
  query();
  BOOST_TEST(inner.asked == 4);
}

BOOST_AUTO_TEST_CASE(a_refusal_of_the_callee_is_a_good_trial) {
  open_breaker();
  clock.advance(30s);
  for (int i = 0; i < 3; ++i) {
    query();
    inner.answer(out_of_stock);
  }
  BOOST_TEST(guard->describe().is_well());
}

BOOST_AUTO_TEST_CASE(stays_closed_while_what_fails_is_the_way_to_the_dependency) {
  is_reachable = false;
  for (const Error& failure : {unreachable, unknown}) {
    inner.always = failure;
    for (int i = 0; i < 20; ++i) command();
    BOOST_TEST((replies.back().error() == failure));
  }
  BOOST_TEST(guard->describe().is_well());
  BOOST_TEST(guard->describe().calls == 0);
  is_reachable = true;
  for (int i = 0; i < 20; ++i) command();
  BOOST_TEST((guard->describe().breaker == BreakerState::open));
}

BOOST_AUTO_TEST_CASE(goes_on_trying_if_the_way_fails_during_a_trial) {
  open_breaker();
  clock.advance(30s);
  is_reachable = false;
  command();
  inner.answer(unreachable);
  is_reachable = true;
  for (int i = 0; i < 3; ++i) {
    query();
    inner.answer(good());
  }
  BOOST_TEST(guard->describe().is_well());
}

BOOST_AUTO_TEST_CASE(calls_that_wait_when_it_opens_are_refused) {
  GuardOptions options;
  options.bulkhead = {.concurrent_max = 20, .waiting_max = 30};
  use(options);
  for (int i = 0; i < 50; ++i) command();
  for (int i = 0; i < 20; ++i) inner.answer(unknown);
  BOOST_TEST((guard->describe().breaker == BreakerState::open));
  BOOST_TEST(inner.asked == 39);
  BOOST_TEST(replies.size() == 31U);
  while (!inner.waiting.empty()) inner.answer(unknown);
  BOOST_TEST(replies.size() == 50U);
  BOOST_TEST(guard->describe().running == 0U);
}

BOOST_AUTO_TEST_CASE(opening_and_closing_are_logged) {
  open_breaker();
  clock.advance(30s);
  inner.always = good();
  for (int i = 0; i < 3; ++i) query();
  const auto lines = sink.lines();
  BOOST_REQUIRE(lines.size() == 2U);
  BOOST_TEST(lines[0].find("breaker opened") != std::string::npos);
  BOOST_TEST(lines[1].find("breaker closed") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(bulkhead, Fixture)

BOOST_AUTO_TEST_CASE(bounds_calls_under_way_and_starts_the_next_when_one_ends) {
  GuardOptions options;
  options.bulkhead = {.concurrent_max = 2, .waiting_max = 1};
  use(options);
  for (int i = 0; i < 4; ++i) query();
  BOOST_TEST(inner.asked == 2);
  BOOST_REQUIRE(replies.size() == 1U);
  BOOST_TEST((error() == Error{Errc::resource_exhausted, "resilience.full"}));
  inner.answer(good());
  BOOST_TEST(inner.asked == 3);
  BOOST_TEST(guard->describe().running == 2U);
  BOOST_TEST(guard->describe().waiting == 0U);
}

BOOST_AUTO_TEST_CASE(who_waits_too_long_is_told_so_although_no_place_came_free) {
  GuardOptions options;
  options.bulkhead = {.concurrent_max = 1, .waiting_max = 10};
  use(options);
  query();
  query(clock.now() + 1s);
  query();
  timers.advance(1100ms);
  BOOST_REQUIRE(replies.size() == 1U);
  BOOST_TEST((error() == Error{Errc::deadline_exceeded, "message.expired"}));
  BOOST_TEST(guard->describe().waiting == 1U);
  timers.advance(5s);
  BOOST_TEST(replies.size() == 2U);
  BOOST_TEST(inner.asked == 1);
  timers.advance(1s);
  BOOST_TEST(timers.count() == 0U);
}

BOOST_AUTO_TEST_CASE(a_full_dependency_is_no_failure_of_it) {
  GuardOptions options;
  options.bulkhead = {.concurrent_max = 1, .waiting_max = 0};
  use(options);
  for (int i = 0; i < 100; ++i) query();
  BOOST_TEST(guard->describe().is_well());
  BOOST_TEST(guard->describe().calls == 0);
}

BOOST_AUTO_TEST_CASE(a_long_queue_that_ends_at_once_does_not_exhaust_the_stack) {
  GuardOptions options;
  options.bulkhead = {.concurrent_max = 1, .waiting_max = 100'000};
  use(options);
  for (int i = 0; i < 100'000; ++i) query();
  inner.always = good();
  inner.answer(good());
  BOOST_TEST(replies.size() == 100'000U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(telling, Fixture)

BOOST_AUTO_TEST_CASE(metrics_count_what_became_of_calls) {
  inner.always = good();
  command();
  inner.always = out_of_stock;
  command();
  open_breaker();
  command();
  BOOST_TEST(metrics_have(R"(banyan_dependency_calls_total{dependency="counter",outcome="done"} 1)"));
  BOOST_TEST(metrics_have(R"(banyan_dependency_calls_total{dependency="counter",outcome="refused"} 1)"));
  BOOST_TEST(metrics_have(R"(banyan_dependency_calls_total{dependency="counter",outcome="failed"} 18)"));
  BOOST_TEST(metrics_have(R"(banyan_dependency_calls_total{dependency="counter",outcome="open"} 3)"));
  BOOST_TEST(metrics_have(R"(banyan_breaker_state{dependency="counter"} 2)"));
  BOOST_TEST(metrics_have(R"(banyan_breaker_opened_total{dependency="counter"} 1)"));
  BOOST_TEST(metrics_have(R"(banyan_dependency_call_duration_seconds_count{dependency="counter"} 20)"));
}

BOOST_AUTO_TEST_CASE(metrics_show_places_and_retries) {
  GuardOptions options;
  options.bulkhead = {.concurrent_max = 1, .waiting_max = 1};
  use(options);
  for (int i = 0; i < 3; ++i) query();
  BOOST_TEST(metrics_have(R"(banyan_bulkhead_running{dependency="counter"} 1)"));
  BOOST_TEST(metrics_have(R"(banyan_bulkhead_waiting{dependency="counter"} 1)"));
  BOOST_TEST(metrics_have(R"(banyan_dependency_calls_total{dependency="counter",outcome="full"} 1)"));
  inner.answer(unreachable);
  BOOST_TEST(metrics_have(R"(banyan_dependency_retries_total{dependency="counter"} 1)"));
}

BOOST_AUTO_TEST_CASE(a_status_names_the_dependency_and_its_failures) {
  command();
  inner.answer(unreachable);
  command();
  const GuardStatus status = guard->describe();
  BOOST_TEST(status.dependency == "counter");
  BOOST_TEST(status.calls == 1);
  BOOST_TEST(status.failures == 1);
  BOOST_TEST(status.running == 1U);
  BOOST_TEST((status.refused_for == 0s));
}

BOOST_AUTO_TEST_SUITE_END()
