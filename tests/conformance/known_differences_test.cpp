#define BOOST_TEST_MODULE conformance_known_differences
#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "banyan/testing/nats_server.hpp"
#include "banyan/testing/sample.hpp"
#include "banyan/testing/world.hpp"

/// The differences that a caller, a module or an operator may see between topologies. Everything else is the
/// same in all of them.

using namespace banyan;
using namespace std::chrono_literals;
using message::Kind;
using testing::Passage;
using testing::World;

namespace {

using Added = testing::Sample<"counter.added.v1", Kind::reply>;
using Add = testing::Sample<"counter.add.v1", Kind::command, Added>;
using Page = testing::Sample<"counter.page.v1", Kind::reply>;
using GetPage = testing::Sample<"counter.get_page.v1", Kind::query, Page>;
using Changed = testing::Sample<"counter.changed.v1", Kind::event>;

constexpr std::size_t broker_limit = 1 << 20;

constexpr store::Migration counter_table{.owner = "counter", .version = 1, .name = "sum", .sql = R"(
CREATE TABLE counter_entry (n INTEGER PRIMARY KEY, number INTEGER NOT NULL) STRICT;)"};
constexpr store::Migration mirror_table{.owner = "mirror", .version = 1, .name = "sum", .sql = R"(
CREATE TABLE mirror_entry (n INTEGER PRIMARY KEY, number INTEGER NOT NULL) STRICT;)"};

/// Adds, and answers a query with as much text as it is asked for.
module::Module counter() {
  static const message::Descriptor* const messages[] = {&Add::descriptor(), &Added::descriptor(),
                                                        &GetPage::descriptor(), &Page::descriptor(),
                                                        &Changed::descriptor()};
  return module::Module{"counter", messages}
      .handles<Add>([](Tx& tx, const Add& command, const Context&) -> Result<Added> {
        tx.execute("INSERT INTO counter_entry (number) VALUES (?1)", command.number);
        const std::int64_t size = std::abs(command.number);
        tx.publish(Changed{.key = command.key, .number = command.key == "broken" ? -size : size});
        return Added{.key = command.key, .number = std::abs(command.number)};
      })
      .answers<GetPage>([](View&, const GetPage& query, const Context&) -> Result<Page> {
        return Page{.text = std::string(static_cast<std::size_t>(query.number), 'x')};
      })
      .migrates({&counter_table, 1});
}

module::Module mirror() {
  return module::Module{"mirror", {}}
      .on<Changed>([](Tx& tx, const Changed& event, const Context&) {
        tx.execute("INSERT INTO mirror_entry (number) VALUES (?1)", event.number);
        return success();
      })
      .migrates({&mirror_table, 1});
}

struct Shown : World {
  explicit Shown(Passage passage, std::span<const message::Edge> edges = {})
      : World{{counter(), mirror()}, {.passage = passage, .edges = edges}} {}

  int counted() { return value<int>("counter", "SELECT count(*) FROM counter_entry").value(); }
  int mirrored() { return value<int>("mirror", "SELECT count(*) FROM mirror_entry").value(); }
};

/// The reason why not, or nothing.
template <class T>
std::string reason(const Result<T>& result) {
  return result.ok() ? std::string{} : result.error().reason();
}

/// Asks again until it is answered, as whoever does not know whether it was done has to: under the same key.
Result<Added> repeat(World& world, const Add& command, const message::CallOptions& options) {
  const SystemClock real;
  const Instant until = real.now() + 10s;
  Result<Added> answer = world.call(command, options);
  while (!answer.ok() && real.now() < until) answer = world.call(command, options);
  return answer;
}

const Passage in_process[] = {Passage::direct, Passage::encoded};

}  // namespace

BOOST_AUTO_TEST_SUITE(a_call)

BOOST_AUTO_TEST_CASE(to_a_module_that_is_away_is_known_not_to_be_done_only_split) {
  Shown split{Passage::split};
  split.stop("counter");
  const auto answer = split.call(Add{.number = 1});
  BOOST_TEST((answer.error() == Error{Errc::unavailable, "remote.no_responders"}));
}

BOOST_AUTO_TEST_CASE(without_the_broker_is_refused_only_split) {
  for (const Passage passage : in_process) BOOST_TEST(Shown{passage}.call(Add{.number = 1}).ok());
  Shown split{Passage::split};
  split.broker().kill();
  std::string said = reason(split.call(Add{.number = 1}));
  for (int i = 0; i < 100 && said == "remote.outcome_unknown"; ++i)
    said = reason(split.call(Add{.number = 1}));
  BOOST_TEST(said == "remote.disconnected");
}

BOOST_AUTO_TEST_CASE(may_be_done_although_its_caller_does_not_know_only_split) {
  const auto break_connections = [](World& world) {
    if (world.is_split()) world.broker().kill(), world.broker().start();
  };
  for (const Passage passage : {Passage::direct, Passage::encoded, Passage::split}) {
    Shown world{passage};
    world.faults().clear();
    world.faults().run("before_commit", 1, [&] { break_connections(world); });
    auto options = world.call_options();
    options.idempotency = message::Idempotency{.key = "once", .fingerprint = "print"};
    const auto answer = world.call(Add{.number = 1}, options);
    BOOST_TEST(reason(answer) == (passage == Passage::split ? "remote.outcome_unknown" : ""));
    BOOST_TEST(world.counted() == 1);
    BOOST_TEST(repeat(world, Add{.number = 1}, options).ok());
    BOOST_TEST(world.counted() == 1);
    BOOST_TEST(world.mirrored() == 1);
  }
}

BOOST_AUTO_TEST_CASE(whose_answer_is_above_the_limit_of_the_broker_is_not_answered_only_split) {
  const GetPage large{.number = broker_limit + 1};
  for (const Passage passage : in_process) {
    BOOST_TEST(Shown{passage}.call(large).value().text.size() == broker_limit + 1);
  }
  Shown split{Passage::split};
  BOOST_TEST((split.call(large).error() == Error{Errc::internal, "remote.answer_too_large"}));
  BOOST_TEST(split.call(GetPage{.number = broker_limit / 2}).ok());
}

BOOST_AUTO_TEST_CASE(that_is_itself_above_the_limit_of_the_broker_is_not_made_only_split) {
  const Add large{.number = 1, .text = std::string(broker_limit + 1, 'x')};
  for (const Passage passage : in_process) BOOST_TEST(Shown{passage}.call(large).ok());
  Shown split{Passage::split};
  BOOST_TEST((split.call(large).error() == Error{Errc::invalid_argument, "remote.not_sent"}));
  BOOST_TEST(split.counted() == 0);
}

BOOST_AUTO_TEST_CASE(that_breaks_its_contract_is_taken_as_it_is_direct_and_refused_by_the_callee_split) {
  BOOST_TEST(Shown{Passage::direct}.call(Add{.number = -1}).ok());
  BOOST_CHECK_THROW(static_cast<void>(Shown{Passage::encoded}.call(Add{.number = -1})), std::logic_error);
  Shown split{Passage::split};
  BOOST_TEST((split.call(Add{.number = -1}).error().code() == Errc::invalid_argument));
  BOOST_TEST(split.counted() == 0);
}

BOOST_AUTO_TEST_CASE(may_be_too_late_although_the_time_of_the_modules_stands_still_only_split) {
  for (const Passage passage : {Passage::direct, Passage::encoded, Passage::split}) {
    Shown world{passage};
    auto options = world.call_options();
    options.envelope.deadline = world.clock().now() + 1us;
    BOOST_TEST(reason(world.call(Add{.number = 1}, options)) ==
               (passage == Passage::split ? "message.expired" : ""));
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(an_event)

BOOST_AUTO_TEST_CASE(waits_in_its_producers_store_while_the_broker_is_away_only_split) {
  Shown split{Passage::split};
  BOOST_REQUIRE(split.call(Add{.number = 1}).ok());
  split.broker().kill();
  auto answered = std::make_shared<bool>(false);
  message::call<Added>(split.instance("counter").endpoint(), Add{.number = 2}, split.call_options(),
                       [answered](const Result<Added>&) { *answered = true; });
  split.broker().start();
  split.settle();
  BOOST_TEST(*answered);
  BOOST_TEST(split.mirrored() == 2);
}

BOOST_AUTO_TEST_CASE(that_breaks_its_contract_is_handled_as_it_is_direct_and_a_dead_letter_split) {
  Shown direct{Passage::direct};
  BOOST_TEST(direct.call(Add{.key = "broken", .number = 1}).ok());
  BOOST_TEST(direct.mirrored() == 1);
  BOOST_CHECK_THROW(static_cast<void>(Shown{Passage::encoded}.call(Add{.key = "broken", .number = 1})),
                    std::runtime_error);
  Shown split{Passage::split};
  BOOST_TEST(split.call(Add{.key = "broken", .number = 1}).ok());
  BOOST_TEST(split.call(Add{.key = "whole", .number = 1}).ok());
  BOOST_TEST(split.mirrored() == 1);
  BOOST_TEST(split.instance("mirror").health().dead == 1U);
}

BOOST_AUTO_TEST_CASE(that_no_contract_lets_through_arrives_in_process_and_does_not_arrive_split) {
  static constexpr message::Edge none[] = {{.from = "mirror", .to = "counter", .calls = {}, .messages = {}}};
  for (const Passage passage : {Passage::direct, Passage::encoded, Passage::split}) {
    Shown world{passage, none};
    BOOST_REQUIRE(world.call(Add{.number = 1}).ok());
    BOOST_TEST(world.mirrored() == (passage == Passage::split ? 0 : 1));
  }
}

BOOST_AUTO_TEST_SUITE_END()
