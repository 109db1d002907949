#define BOOST_TEST_MODULE module_ownership
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <optional>

#include "banyan/module/instance.hpp"
#include "counting.hpp"

using namespace banyan;
using namespace banyan::module;

namespace {

/// One directory in which the counter can be opened more than once.
struct Contended {
  Contended() { registry.add(definition.messages()); }

  std::unique_ptr<Instance> open() {
    InstanceOptions options = testing::World::default_instance();
    options.store.directory = disk.path() + "/counter";
    auto opened = Instance::open(definition, {actors, clock, random, ids, faults, registry, metrics, log},
                                 std::move(options));
    BOOST_REQUIRE(opened.ok());
    opened.value()->start();
    actors.run();
    return std::move(opened).value();
  }
  /// As on a file system that does not lock.
  void lose_lock() { std::filesystem::remove(disk.path() + "/counter/lock"); }

  Result<Added> add(Instance& owner, std::int64_t number) {
    std::optional<Result<Added>> answer;
    begin_to_add(owner, number, answer);
    actors.run();
    return *answer;
  }
  void begin_to_add(Instance& owner, std::int64_t number, std::optional<Result<Added>>& answer) {
    message::call<Added>(owner.endpoint(), Add{.key = "a", .number = number}, call(),
                         [&](Result<Added> given) { answer = std::move(given); });
  }
  Result<Sum> total(Instance& owner) {
    std::optional<Result<Sum>> answer;
    message::call<Sum>(owner.endpoint(), GetSum{.key = "a"}, call(),
                       [&](Result<Sum> given) { answer = std::move(given); });
    actors.run();
    return *answer;
  }
  message::CallOptions call() {
    message::CallOptions options;
    options.envelope.id = ids.next();
    options.envelope.source = "test";
    options.envelope.time = clock.utc();
    return options;
  }

  Script script;
  Module definition = counter(script);
  testing::TemporaryDirectory disk;
  testing::ManualClock clock;
  testing::SeededRandom random{1};
  IdSource ids{clock, random};
  NoFaults faults;
  message::Registry registry;
  telemetry::Registry metrics;
  telemetry::CapturedLog lines;
  telemetry::Log log{lines, clock, "test", telemetry::Level::info};
  actor::System actors{{.worker_count = 0, .manual = true}};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(an_owner, Contended)

BOOST_AUTO_TEST_CASE(has_a_higher_epoch_than_the_one_before) {
  for (std::uint64_t epoch = 1; epoch <= 3; ++epoch) BOOST_TEST(open()->health().owner_epoch == epoch);
}

BOOST_AUTO_TEST_CASE(that_was_superseded_commits_nothing_any_more_and_says_why) {
  const auto stale = open();
  BOOST_REQUIRE(add(*stale, 1).ok());
  lose_lock();
  const auto owner = open();
  BOOST_TEST((add(*stale, 2).error() == Error{Errc::unavailable, "module.not_owner"}));
  BOOST_TEST((stale->health().state.error() == Error{Errc::unavailable, "module.not_owner"}));
  BOOST_TEST(stale->health().outbox_head == 1U);
  BOOST_TEST(add(*owner, 3).ok());
  BOOST_TEST(owner->health().state.ok());
  BOOST_TEST(owner->health().outbox_head == 2U);
  BOOST_TEST((add(*stale, 4).error() == Error{Errc::unavailable, "module.not_owner"}));
}

BOOST_AUTO_TEST_CASE(that_was_superseded_reads_nothing_either) {
  const auto stale = open();
  lose_lock();
  const auto owner = open();
  BOOST_REQUIRE(!add(*stale, 1).ok());
  BOOST_TEST((total(*stale).error() == Error{Errc::unavailable, "module.not_owner"}));
  BOOST_TEST(total(*owner).ok());
}

BOOST_AUTO_TEST_CASE(that_has_yielded_answers_nothing_and_commits_nothing) {
  const auto owner = open();
  BOOST_REQUIRE(add(*owner, 1).ok());
  owner->yield();
  BOOST_TEST((add(*owner, 2).error() == Error{Errc::unavailable, "module.yielded"}));
  BOOST_TEST((total(*owner).error() == Error{Errc::unavailable, "module.yielded"}));
  BOOST_TEST((owner->health().state.error() == Error{Errc::unavailable, "module.yielded"}));
  clock.advance(std::chrono::hours{1});
  actors.run();
  BOOST_TEST(owner->health().outbox_head == 1U);
}

BOOST_AUTO_TEST_CASE(that_yields_commits_not_even_what_is_under_way) {
  const auto owner = open();
  std::optional<Result<Added>> answer;
  begin_to_add(*owner, 1, answer);
  owner->yield();
  actors.run();
  BOOST_TEST((answer->error() == Error{Errc::unavailable, "module.yielded"}));
  BOOST_TEST(owner->health().outbox_head == 0U);
}

BOOST_AUTO_TEST_CASE(knows_its_store_again_wherever_it_lies) {
  const Uuid first = open()->log();
  BOOST_TEST(!first.is_nil());
  BOOST_TEST((open()->log() == first));
}

BOOST_AUTO_TEST_SUITE_END()
