#define BOOST_TEST_MODULE module_telemetry
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "banyan/telemetry/names.hpp"
#include "banyan/testing/sample.hpp"
#include "banyan/testing/world.hpp"

using namespace banyan;
using namespace std::chrono_literals;
using message::Kind;
using testing::World;

namespace {

using Added = testing::Sample<"counter.added.v1", Kind::reply>;
using Add = testing::Sample<"counter.add.v1", Kind::command, Added>;
using Changed = testing::Sample<"counter.changed.v1", Kind::event>;

using Journey = testing::Sample<"counter.journey.v1", Kind::state>;
using Begun = testing::DomainEvent<"counter.begun.v1">;
using Carried = testing::Sample<"mirror.carried.v1", Kind::reply>;
using Carry = testing::Sample<"mirror.carry.v1", Kind::command, Carried>;
using Return = testing::Sample<"mirror.return.v1", Kind::command, Carried>;
using Deliver = testing::Sample<"mirror.deliver.v1", Kind::command, Carried>;

/// The outcomes of handlers; each may throw.
struct Script {
  std::function<Status()> add = success;
  std::function<Status()> hear = success;
  std::function<Status()> carry = success;
  std::function<Status()> bring_back = success;
};

std::shared_ptr<const saga::Definition> journey() {
  const auto end = [](const auto&...) { return success(); };
  return saga::Saga<Journey>{"journey"}
      .starts_on<Begun>([](const Begun&) { return Uuid{{std::byte{1}}}; },
                        [](const Begun& begun) { return Journey{.key = begun.key}; })
      .step("carry")
      .sends<Carry>([](const Journey& state) { return Carry{.key = state.key}; })
      .undo<Return>([](const Journey& state) { return Return{.key = state.key}; })
      .step("deliver")
      .sends<Deliver>([](const Journey& state) { return Deliver{.key = state.key}; })
      .irreversible("it is there")
      .completes(end)
      .fails(end)
      .build();
}

module::Module counter(const Script& script) {
  static const message::Descriptor* const messages[] = {&Add::descriptor(), &Added::descriptor(),
                                                        &Changed::descriptor(), &Begun::descriptor()};
  return module::Module{"counter", messages}
      .handles<Add>([&script](Tx& tx, const Add& command, const Context&) -> Result<Added> {
        if (const Status said = script.add(); !said.ok()) return said.error();
        if (command.text == "journey") tx.publish(Begun{.key = command.key});
        tx.publish(Changed{.key = command.key});
        return Added{.key = command.key};
      })
      .runs(journey());
}

module::Module mirror(const Script& script) {
  static const message::Descriptor* const messages[] = {&Carry::descriptor(), &Return::descriptor(),
                                                        &Deliver::descriptor(), &Carried::descriptor()};
  const auto carried = [](const Status& said) {
    return said.ok() ? Result<Carried>{Carried{}} : said.error();
  };
  return module::Module{"mirror", messages}
      .on<Changed>([&script](Tx&, const Changed&, const Context&) { return script.hear(); })
      .handles<Carry>([](Tx&, const Carry&, const Context&) -> Result<Carried> { return Carried{}; })
      .handles<Return>(
          [&script, carried](Tx&, const auto&, const Context&) { return carried(script.bring_back()); })
      .handles<Deliver>(
          [&script, carried](Tx&, const auto&, const Context&) { return carried(script.carry()); });
}

struct Watched {
  explicit Watched(testing::Passage passage = testing::Passage::direct)
      : world{{counter(script), mirror(script)}, {.passage = passage}} {}

  Status add(message::CallOptions options, std::string text = {}) {
    const auto answer = world.call(Add{.key = "a", .text = std::move(text)}, options);
    return answer.ok() ? success() : answer.error();
  }
  Status add() { return add(world.call_options()); }

  template <class M>
  std::uint64_t count(const std::string& module, const std::string& outcome) {
    return world.metrics()
        .counter(telemetry::names::consumer_messages,
                 {{"module", module}, {"type", std::string{M::descriptor().type}}, {"outcome", outcome}})
        .value();
  }
  /// The lines of the log that contain every one of `parts`.
  std::size_t lines(const std::vector<std::string>& parts) const {
    const auto log = world.log();
    return static_cast<std::size_t>(std::count_if(log.begin(), log.end(), [&](const std::string& line) {
      return std::all_of(parts.begin(), parts.end(),
                         [&](const std::string& part) { return line.find(part) != std::string::npos; });
    }));
  }

  Script script;
  World world;
};

Status refused() { return Error{Errc::rejected, "sample.refused", "as it was told"}; }
Status broken() { throw std::runtime_error("out of order"); }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(counted, Watched)

BOOST_AUTO_TEST_CASE(are_commands_by_what_became_of_them) {
  message::CallOptions options = world.call_options();
  options.idempotency = message::Idempotency{"key", "fingerprint"};
  BOOST_TEST(add(options).ok());
  BOOST_TEST(add(options).ok());
  script.add = refused;
  BOOST_TEST(add().error().reason() == "sample.refused");
  script.add = broken;
  BOOST_TEST((add().error().code() == Errc::internal));

  BOOST_TEST(count<Add>("counter", "done") == 1U);
  BOOST_TEST(count<Add>("counter", "repeated") == 1U);
  BOOST_TEST(count<Add>("counter", "rejected") == 1U);
  BOOST_TEST(count<Add>("counter", "failed") == 1U);
}

BOOST_AUTO_TEST_CASE(are_messages_by_what_became_of_them) {
  BOOST_TEST(add().ok());
  script.hear = broken;
  BOOST_TEST(add().ok());
  script.hear = success;
  world.advance(1min);

  BOOST_TEST(count<Changed>("mirror", "done") == 2U);
  BOOST_TEST(count<Changed>("mirror", "retried") == 1U);
  BOOST_TEST(count<Changed>("mirror", "dead") == 0U);
}

BOOST_AUTO_TEST_CASE(is_a_dead_letter_once) {
  script.hear = refused;
  BOOST_TEST(add().ok());
  world.advance(1min);
  BOOST_TEST(count<Changed>("mirror", "dead") == 1U);
  BOOST_TEST(count<Changed>("mirror", "retried") == 0U);
}

BOOST_AUTO_TEST_CASE(is_the_time_that_handlers_take) {
  script.add = [this] { return world.clock().advance(30ms), success(); };
  BOOST_TEST(add().ok());
  const std::string text = world.metrics().render();
  BOOST_TEST(
      text.find("banyan_consumer_duration_seconds_sum{module=\"counter\",type=\"counter.add.v1\"} 0.03") !=
      std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(what_comes_twice_is_counted_as_repeated) {
  Watched watched{testing::Passage::encoded};
  BOOST_TEST(watched.add().ok());
  BOOST_TEST(watched.count<Changed>("mirror", "done") == 1U);
  BOOST_TEST(watched.count<Changed>("mirror", "repeated") == 1U);
}

BOOST_FIXTURE_TEST_SUITE(logged, Watched)

BOOST_AUTO_TEST_CASE(is_a_parked_message_with_its_trace) {
  script.hear = broken;
  const auto options = world.call_options();
  BOOST_TEST(add(options).ok());
  BOOST_TEST(
      lines({R"("level":"warning")", R"("module":"mirror")", R"("message":"message parked")",
             R"("trace_id":")" + options.envelope.trace.trace_id_hex(), R"("type":"counter.changed.v1")",
             R"("key":"a","producer":"counter","seq":1,"attempts":1)", "out of order"}) == 1U);
}

BOOST_AUTO_TEST_CASE(is_every_attempt_until_the_message_is_dead) {
  script.hear = broken;
  const auto options = world.call_options();
  BOOST_TEST(add(options).ok());
  world.advance(2h, 10s);
  const auto attempts = static_cast<std::size_t>(module::InstanceOptions{}.retry.attempts_max);
  BOOST_TEST(lines({"message parked"}) == attempts - 1);
  BOOST_TEST(lines({R"("level":"error")", "message dead", options.envelope.trace.trace_id_hex(),
                    R"("attempts":)" + std::to_string(attempts)}) == 1U);
  BOOST_TEST(count<Changed>("mirror", "retried") == attempts - 1);
  BOOST_TEST(count<Changed>("mirror", "dead") == 1U);
}

BOOST_AUTO_TEST_CASE(is_a_group_that_could_not_be_committed) {
  world.faults().clear();
  world.faults().fail("before_commit");
  BOOST_TEST((add().error().code() == Errc::unavailable));
  BOOST_TEST(lines({R"("level":"error")", R"("module":"counter")", "transaction lost", R"("messages":1)",
                    "store.fault"}) == 1U);
}

BOOST_AUTO_TEST_CASE(is_a_link_that_stops) {
  world.instance("counter").publisher().resume("mirror", {.epoch = Uuid{{std::byte{7}}}, .seq = 3});
  world.settle();
  BOOST_TEST(lines({R"("level":"error")", R"("module":"counter")", "link stopped", R"("subscriber":"mirror")",
                    "delivery.diverged"}) == 1U);
}

BOOST_AUTO_TEST_CASE(is_a_refused_step_of_a_saga_and_a_refused_undo) {
  script.carry = refused;
  script.bring_back = refused;
  const auto options = world.call_options();
  BOOST_TEST(add(options, "journey").ok());
  const std::string trace = options.envelope.trace.trace_id_hex();
  BOOST_TEST(lines({R"("level":"info")", R"("module":"counter")", "saga step refused", R"("by":"mirror")",
                    R"("question":"1/1/do")", "sample.refused", trace}) == 1U);
  BOOST_TEST(lines({R"("level":"warning")", "saga undo refused", R"("question":"1/0/undo")", trace}) == 1U);
  BOOST_TEST(count<Deliver>("mirror", "rejected") == 1U);
  BOOST_TEST(count<Return>("mirror", "rejected") == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
