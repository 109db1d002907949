#define BOOST_TEST_MODULE module_held
#include <boost/test/unit_test.hpp>
#include <optional>

#include "banyan/testing/sample.hpp"
#include "banyan/testing/world.hpp"

using namespace banyan;
using namespace std::chrono_literals;
using message::Kind;
using module::Module;
using testing::Passage;
using testing::Topologies;
using testing::World;

namespace {

using Lines = std::vector<std::string>;
const auto per_element = boost::test_tools::per_element();

using Registered = testing::Sample<"people.registered.v1", Kind::event>;
using Welcome = testing::Sample<"people.welcome.v1", Kind::reply>;
using Register = testing::Sample<"people.register.v1", Kind::command, Welcome>;
using Accepted = testing::Sample<"sales.accepted.v1", Kind::reply>;
using Order = testing::Sample<"sales.order.v1", Kind::command, Accepted>;  ///< By the person `key`.
using OrderLater = testing::Sample<"people.order_later.v1", Kind::command, Welcome>;

constexpr store::Migration tables[] = {{.owner = "sales", .version = 1, .name = "tables", .sql = R"(
CREATE TABLE sales_person (key TEXT NOT NULL PRIMARY KEY) STRICT;
CREATE TABLE sales_order (n INTEGER PRIMARY KEY, number INTEGER NOT NULL) STRICT;)"}};

Module people() {
  static const message::Descriptor* const messages[] = {&Registered::descriptor(), &Welcome::descriptor(),
                                                        &Register::descriptor(), &OrderLater::descriptor()};
  return Module{"people", messages}
      .handles<Register>([](Tx& tx, const Register& command, const Context&) -> Result<Welcome> {
        tx.publish(Registered{.key = command.key, .number = command.number});
        return Welcome{};
      })
      .handles<OrderLater>([](Tx& tx, const OrderLater& command, const Context&) -> Result<Welcome> {
        tx.send(Order{.key = command.key});
        return Welcome{};
      });
}

/// Takes orders of those whom it knows from people; `attempts` counts how often it was asked.
Module sales(int& attempts) {
  static const message::Descriptor* const messages[] = {&Accepted::descriptor(), &Order::descriptor()};
  return Module{"sales", messages}
      .handles<Order>([&attempts](Tx& tx, const Order& command, const Context&) -> Result<Accepted> {
        ++attempts;
        tx.execute("INSERT INTO sales_order (number) VALUES (?1)", command.number);
        if (!tx.find<int>("SELECT 1 FROM sales_person WHERE key = ?1", command.key)) {
          return tx.unless_told<Registered>(command.key, Error{Errc::rejected, "sales.unknown_person"});
        }
        return Accepted{.key = command.key, .number = command.number};
      })
      .projects<Registered>([](Tx& tx, const Registered& event, const Context&) {
        if (event.number == 0) return success();
        tx.execute("INSERT INTO sales_person (key) VALUES (?1) ON CONFLICT DO NOTHING", event.key);
        return success();
      })
      .migrates(tables);
}

World::Options options_of(Passage passage, std::size_t held_max = 128, std::size_t mailbox_max = 16'384) {
  World::Options options{.passage = passage};
  options.instance.held_max = held_max;
  options.instance.mailbox_max = mailbox_max;
  return options;
}

struct Trade {
  explicit Trade(Passage passage) : Trade(options_of(passage)) {}
  explicit Trade(const World::Options& options) : world{{people(), sales(attempts)}, options} {}

  std::size_t order(std::string by, std::int64_t number, message::CallOptions options) {
    const std::size_t place = answers.size();
    answers.emplace_back("none");
    // To the module itself: what is held holds up no network, and time stands still.
    message::call<Accepted>(world.instance("sales").endpoint(), Order{.key = std::move(by), .number = number},
                            options, [this, place](const Result<Accepted>& answer) {
                              answers[place] = answer.ok() ? "ok" : answer.error().reason();
                            });
    return place;
  }
  std::size_t order(std::string by, std::int64_t number = 1) {
    return order(std::move(by), number, world.call_options());
  }
  /// With a standing of 0 nobody may order.
  void register_person(std::string name, std::int64_t standing = 1) {
    BOOST_REQUIRE(world.call(Register{.key = std::move(name), .number = standing}).ok());
  }
  int orders() { return *world.value<int>("sales", "SELECT count(*) FROM sales_order"); }
  std::size_t held() { return world.instance("sales").health().held; }

  int attempts = 0;
  Lines answers;
  World world;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(a_refusal_that_rests_on_news)

BOOST_AUTO_TEST_CASE_TEMPLATE(is_not_given_when_the_news_are_on_their_way, Topology, Topologies) {
  Trade trade{Topology::passage};
  std::string answer = "none";
  trade.world.template ask<Register>({.key = "ann", .number = 1}, trade.world.call_options(),
                                     [](const auto&) {});
  trade.world.template ask<Order>({.key = "ann", .number = 1}, trade.world.call_options(),
                                  [&](const Result<Accepted>& given) { answer = given.ok() ? "ok" : "no"; });
  trade.world.settle();
  BOOST_TEST(answer == "ok");
  BOOST_TEST(trade.orders() == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(waits_for_them_and_leaves_nothing_of_its_first_attempt, Topology, Topologies) {
  Trade trade{Topology::passage};
  trade.order("ann");
  trade.world.settle();
  BOOST_TEST(trade.answers == Lines{"none"}, per_element);
  BOOST_TEST(trade.held() == 1U);
  BOOST_TEST(trade.orders() == 0);

  trade.register_person("ann");
  BOOST_TEST(trade.answers == Lines{"ok"}, per_element);
  BOOST_TEST(trade.held() == 0U);
  BOOST_TEST(trade.orders() == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(stands_when_the_wait_is_over, Topology, Topologies) {
  Trade trade{Topology::passage};
  trade.order("nobody");
  trade.world.advance(900ms);
  BOOST_TEST(trade.answers == Lines{"none"}, per_element);
  trade.world.advance(100ms);
  BOOST_TEST(trade.answers == Lines{"sales.unknown_person"}, per_element);
  BOOST_TEST(trade.held() == 0U);
  BOOST_TEST(trade.orders() == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(is_not_given_while_no_news_come, Topology, Topologies) {
  Trade trade{Topology::passage};
  trade.world.stop("people");
  trade.world.advance(10s, 1s);
  trade.order("ann");
  trade.world.advance(2s, 500ms);
  BOOST_TEST(trade.answers == Lines{"module.news_late"}, per_element);

  trade.world.start("people");
  trade.world.settle();
  trade.order("ann");
  trade.world.advance(1s, 500ms);
  BOOST_TEST(trade.answers.back() == "sales.unknown_person");
}

BOOST_AUTO_TEST_CASE(is_not_given_while_no_news_come_though_no_place_is_free) {
  Trade trade{options_of(Passage::direct, 0)};
  trade.world.stop("people");
  trade.order("ann");
  trade.world.settle();
  BOOST_TEST(trade.answers == Lines{"module.news_late"}, per_element);
}

BOOST_AUTO_TEST_CASE(costs_no_second_attempt_when_others_are_told_of) {
  Trade trade{Passage::direct};
  trade.order("nobody");
  for (const char* name : {"ann", "bob", "cem"}) trade.register_person(name);
  BOOST_TEST(trade.attempts == 1);
  BOOST_TEST(trade.held() == 1U);
}

BOOST_AUTO_TEST_CASE(is_given_at_once_to_a_durable_command_which_nobody_waits_for) {
  Trade trade{Passage::direct};
  BOOST_REQUIRE(trade.world.call(OrderLater{.key = "ann"}).ok());
  BOOST_TEST(trade.attempts == 1);
  BOOST_TEST(trade.held() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_held_request)

BOOST_AUTO_TEST_CASE(is_answered_when_half_of_its_callers_time_is_over) {
  Trade trade{Passage::direct};
  auto options = trade.world.call_options();
  options.envelope.deadline = trade.world.clock().now() + 400ms;
  trade.order("nobody", 1, options);
  trade.world.advance(200ms);
  BOOST_TEST(trade.answers == Lines{"sales.unknown_person"}, per_element);
}

BOOST_AUTO_TEST_CASE(is_not_held_when_as_many_are_as_may_be) {
  Trade trade{options_of(Passage::direct, 2)};
  for (const char* name : {"x", "y", "z"}) trade.order(name);
  trade.world.settle();
  BOOST_TEST(trade.answers == (Lines{"none", "none", "sales.unknown_person"}), per_element);
  trade.register_person("y");
  BOOST_TEST(trade.answers == (Lines{"none", "ok", "sales.unknown_person"}), per_element);
}

BOOST_AUTO_TEST_CASE(takes_a_place_of_the_mailbox) {
  Trade trade{options_of(Passage::direct, 2, 3)};
  for (const char* name : {"x", "y"}) trade.order(name);
  trade.world.settle();
  for (const char* name : {"x", "y"}) trade.order(name);
  BOOST_TEST(trade.answers == (Lines{"none", "none", "none", "module.not_taken"}), per_element);
}

BOOST_AUTO_TEST_CASE(keeps_its_idempotency_key_from_another_until_it_is_answered) {
  Trade trade{Passage::direct};
  auto options = trade.world.call_options();
  options.idempotency = message::Idempotency{.key = "once", .fingerprint = "print"};
  trade.order("ann", 1, options);
  trade.world.settle();
  trade.order("ann", 1, options);
  trade.world.settle();
  BOOST_TEST(trade.answers == (Lines{"none", "idempotency.in_flight"}), per_element);

  trade.register_person("ann");
  trade.order("ann", 1, options);
  trade.world.settle();
  BOOST_TEST(trade.answers == (Lines{"ok", "idempotency.in_flight", "ok"}), per_element);
  BOOST_TEST(trade.orders() == 1);
}

BOOST_AUTO_TEST_CASE(waits_on_when_the_news_were_not_enough_and_no_longer_than_before) {
  Trade trade{Passage::direct};
  trade.order("ann");
  trade.world.advance(600ms);
  trade.register_person("ann", 0);
  BOOST_TEST(trade.attempts == 2);
  BOOST_TEST(trade.answers == Lines{"none"}, per_element);
  trade.world.advance(400ms);
  BOOST_TEST(trade.answers == Lines{"sales.unknown_person"}, per_element);
}

BOOST_AUTO_TEST_CASE(is_answered_when_the_module_stops) {
  Trade trade{Passage::direct};
  trade.order("nobody");
  trade.world.settle();
  trade.world.stop("sales");
  BOOST_TEST(trade.answers == Lines{"module.not_taken"}, per_element);
}

BOOST_AUTO_TEST_CASE(is_decided_in_the_order_of_coming) {
  Trade trade{Passage::direct};
  for (std::int64_t number = 1; number <= 3; ++number) trade.order("ann", number);
  trade.world.settle();
  trade.register_person("ann");
  Lines numbers;
  trade.world.inspect("sales", [&](View& view) {
    auto rows = view.query("SELECT number FROM sales_order ORDER BY n");
    while (rows.next()) numbers.push_back(std::to_string(rows.get<std::int64_t>(0)));
  });
  BOOST_TEST(numbers == (Lines{"1", "2", "3"}), per_element);
}

BOOST_AUTO_TEST_SUITE_END()
