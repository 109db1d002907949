#define BOOST_TEST_MODULE module_wiring
#include <boost/test/unit_test.hpp>

#include "counting.hpp"

using namespace banyan;
using namespace banyan::module;

namespace {

/// A process whose modules are opened, linked and started one by one.
struct Process {
  explicit Process(const std::string& directory_) : directory(directory_) {
    for (const Module& module : {counter(script), mirror(script)}) registry.add(module.messages());
    counting = open(counter(script));
    mirroring = open(mirror(script));
    counting->feeds(interest_of(mirroring->definition(), counting->definition()), mirroring->subscriber());
    mirroring->listens_to("counter", counting->publisher());
  }

  Environment environment(Faults& with) {
    return {actors, clock,    random,  ids,
            with,   registry, metrics, telemetry::Log{log, clock, "test", telemetry::Level::info}};
  }

  std::unique_ptr<Instance> open(const Module& module) {
    InstanceOptions options = testing::World::default_instance();
    options.store.directory = directory + '/' + module.name();
    return std::move(Instance::open(module, environment(faults), options)).value();
  }

  Status add(std::int64_t number) {
    Status told = Error{Errc::internal, "test.unanswered"};
    message::CallOptions options;
    options.envelope.id = ids.next();
    message::call<Added>(counting->endpoint(), Add{.key = "a", .number = number}, options,
                         [&](auto answer) { told = answer.ok() ? success() : Status{answer.error()}; });
    actors.run();
    return told;
  }

  std::int64_t mirrored() {
    std::int64_t sum = 0;
    mirroring->inspect(
        [&](View& view) { sum = *view.find<std::int64_t>("SELECT coalesce(sum(number), 0) FROM entry"); },
        [](const Status& status) { BOOST_TEST(status.ok()); });
    actors.run();
    return sum;
  }

  std::string directory;
  Script script;
  testing::ManualClock clock;
  testing::SeededRandom random{1};
  IdSource ids{clock, random};
  NoFaults faults;
  message::Registry registry;
  telemetry::Registry metrics;
  telemetry::CapturedLog log;
  actor::System actors{actor::System::Options{.manual = true}};
  std::unique_ptr<Instance> counting;
  std::unique_ptr<Instance> mirroring;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(starting)

BOOST_AUTO_TEST_CASE(a_subscriber_may_start_before_its_producer_also_when_both_have_a_past) {
  const testing::TemporaryDirectory directory;
  for (int life = 1; life <= 3; ++life) {
    Process process{directory.path()};
    process.mirroring->start();
    process.actors.run();
    process.counting->start();
    process.actors.run();
    BOOST_REQUIRE(process.add(1).ok());
    BOOST_TEST(process.mirrored() == life);
  }
}

BOOST_AUTO_TEST_CASE(what_a_subscriber_has_yet_to_hear_stays_until_it_starts_however_old_it_is) {
  const testing::TemporaryDirectory directory;
  {
    Process process{directory.path()};
    process.counting->start();
    for (int i = 0; i < 3; ++i) BOOST_REQUIRE(process.add(1).ok());
  }
  Process process{directory.path()};
  process.clock.advance(2 * InstanceOptions{}.retention);
  process.counting->start();
  process.actors.run();
  process.actors.advance(Duration::zero());  // time for old rows to go
  process.actors.run();
  process.mirroring->start();
  process.actors.run();
  BOOST_TEST(process.mirrored() == 3);
}

BOOST_AUTO_TEST_CASE(a_module_takes_no_requests_before) {
  const testing::TemporaryDirectory directory;
  Process process{directory.path()};
  BOOST_TEST((process.add(1).error() == Error{Errc::resource_exhausted, "module.not_taken"}));
}

BOOST_AUTO_TEST_CASE(a_module_that_is_looked_at_and_never_starts_does_nothing) {
  const testing::TemporaryDirectory directory;
  Process process{directory.path()};
  Status told = success();
  process.counting->resolve_parked("mirror", 1, Instance::ParkedAction::discard,
                                   [&](Status status) { told = status; });
  process.actors.run();
  process.actors.advance(Duration::zero());  // time for what is due
  process.actors.run();
  BOOST_TEST((told.error().code() == Errc::not_found));
  process.counting->stop();
}

BOOST_AUTO_TEST_CASE(a_module_that_does_not_open_says_why_and_leaves_nothing_behind) {
  const testing::TemporaryDirectory directory;
  Process process{directory.path()};
  InstanceOptions options = testing::World::default_instance();
  options.store.directory = directory.path() + "/counter";
  const module::Module module = counter(process.script);
  const auto again = Instance::open(module, process.environment(process.faults), options);
  BOOST_TEST((again.error() == Error{Errc::conflict, "store.in_use"}));
}

BOOST_AUTO_TEST_CASE(a_module_whose_first_transaction_fails_does_not_open) {
  const testing::TemporaryDirectory directory;
  Process process{directory.path()};
  testing::FaultPlan faults;
  faults.fail_from("after_begin");
  InstanceOptions options = testing::World::default_instance();
  options.store.directory = directory.path() + "/another";
  const auto opened = Instance::open(counter(process.script), process.environment(faults), options);
  BOOST_TEST(opened.error().reason() == "store.fault");
  process.actors.advance(10s);
  process.actors.run();
}

BOOST_AUTO_TEST_SUITE_END()
