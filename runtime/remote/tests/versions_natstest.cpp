#define BOOST_TEST_MODULE remote_versions
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "banyan/delivery/parked.hpp"
#include "banyan/json/writer.hpp"
#include "banyan/telemetry/names.hpp"
#include "neighbours.hpp"

/// A producer of the next version beside a subscriber that does not know all that it sends.

using namespace banyan;
using namespace banyan::remote;
using delivery::ParkedMessage;
using delivery::ParkedState;

namespace {

using Removed = testing::Sample<"counter.removed.v1", Kind::event>;
using Numbers = std::vector<std::int64_t>;
const auto per_element = boost::test_tools::per_element();

/// "counter.changed.v1" of a producer that is at fault: its text is the body, whatever it is.
struct Garbled {
  std::string key;
  std::string text;

  static const message::Descriptor& descriptor() {
    static const message::Descriptor type{
        .type = "counter.changed.v1",
        .module = "counter",
        .kind = Kind::event,
        .encode = [](const void* value,
                     std::string& out) { out += static_cast<const Garbled*>(value)->text; },
        .decode = [](const json::Value& document,
                     json::Violations& violations) -> std::shared_ptr<const void> {
          if (Changed::descriptor().decode(document, violations) == nullptr) return nullptr;
          return std::make_shared<const Garbled>(Garbled{.key = {}, .text = json::to_string(document)});
        },
        .key = [](const void* value) { return static_cast<const Garbled*>(value)->key; }};
    return type;
  }
};

constexpr std::string_view next_to_mirror[] = {"counter.changed.v1", "counter.removed.v1"};
constexpr message::Edge next_edges[] = {
    {.from = "counter", .to = "mirror", .calls = {}, .messages = next_to_mirror}};
constexpr message::Edge present_edges[] = {
    {.from = "counter", .to = "mirror", .calls = {}, .messages = {next_to_mirror, 1}}};

const message::Descriptor* const next_messages[] = {&Add::descriptor(), &Added::descriptor(),
                                                    &Changed::descriptor(), &Removed::descriptor()};
const message::Descriptor* const faulty_messages[] = {&Add::descriptor(), &Added::descriptor(),
                                                      &Garbled::descriptor()};
const message::Descriptor* const present_messages[] = {&Changed::descriptor()};

const Contracts next{next_messages, next_edges};
const Contracts faulty{faulty_messages, present_edges};
const Contracts present{present_messages, present_edges};

/// A counter that changes what it adds, removes it on request, or garbles it if its contract has no other
/// way.
module::Module counter_with(const Contracts& contracts) {
  const bool is_faulty = contracts.messages.size() == std::size(faulty_messages);
  return module::Module{"counter", contracts.messages}
      .handles<Add>([is_faulty](Tx& tx, const Add& command, const Context&) -> Result<Added> {
        if (is_faulty) {
          tx.publish(Garbled{.key = command.key, .text = command.text});
        } else if (command.text == "removed") {
          tx.publish(Removed{.key = command.key, .number = command.number});
        } else {
          tx.publish(Changed{.key = command.key, .number = command.number});
        }
        return Added{.key = command.key};
      })
      .migrates(entries());
}

module::Module present_mirror() {
  return module::Module{"mirror", present.messages}
      .on<Changed>([](Tx& tx, const Changed& event, const Context&) { return write_down(tx, event); })
      .migrates(entries());
}

module::Module next_mirror() {
  return module::Module{"mirror", next.messages}
      .on<Changed>([](Tx& tx, const Changed& event, const Context&) { return write_down(tx, event); })
      .on<Removed>([](Tx& tx, const Removed& event, const Context&) { return write_down(tx, event); })
      .migrates(entries());
}

/// Bodies, and why nobody can read them.
constexpr std::pair<std::string_view, std::string_view> garbled[] = {
    {R"({"key":"z","text":"","number":-1})", "message.invalid"},
    {"[7]", "message.invalid"},
    {"", "json.syntax"},
    {"{", "json.syntax"},
    {"\xFF\xC3z", "json.syntax"}};

struct Versions {
  Versions() { provisioner.provide(); }

  void start_counter(const Contracts& contracts) {
    counting = std::make_unique<Service>(counter_with(contracts), server.url(), disk.path(), BusOptions{},
                                         contracts);
  }
  void start_mirror(const module::Module& module, const Contracts& contracts) {
    mirroring.reset();
    mirroring = std::make_unique<Service>(module, server.url(), disk.path(), BusOptions{}, contracts);
  }
  void add(std::string key, std::int64_t number, std::string text = {}) {
    const auto added = ask(counting->instance->endpoint(), counting->ids, counting->clock,
                           Add{.key = std::move(key), .number = number, .text = std::move(text)}, "test");
    BOOST_REQUIRE(added.ok());
    ++sent_;
  }
  Numbers changed() { return mirroring->numbers("counter.changed.v1"); }
  Numbers removed() { return mirroring->numbers("counter.removed.v1"); }

  /// Everything that the counter has sent is in the mirror's store, handled or parked.
  bool has_passed() {
    return eventually([&] { return counting->instance->health().outbox_confirmed == sent_; });
  }
  std::vector<ParkedMessage> parked() {
    std::vector<ParkedMessage> all;
    std::promise<void> done;
    mirroring->instance->inspect([&](View& view) { all = delivery::Parked::list(view, {}, 0, 100); },
                                 [&](const Status&) { done.set_value(); });
    done.get_future().wait();
    return all;
  }
  Status resolve(std::uint64_t seq, module::Instance::ParkedAction action) {
    std::promise<Status> done;
    mirroring->instance->resolve_parked("counter", seq, action,
                                        [&](Status status) { done.set_value(std::move(status)); });
    return done.get_future().get();
  }
  std::ptrdiff_t lines_with(std::string_view text) {
    return std::ranges::count_if(mirroring->lines.lines(), [&](const std::string& line) {
      return line.find(text) != std::string::npos;
    });
  }
  std::uint64_t alarms() {
    return mirroring->metrics
        .counter(telemetry::names::link_alarms, {{"producer", "counter"}, {"subscriber", "mirror"}})
        .value();
  }

  void add_garbled() {
    for (std::size_t i = 0; i < std::size(garbled); ++i) {
      add(std::to_string(i), 0, std::string{garbled[i].first});
      add("z", 0, R"({"key":"z","text":"","number":2})");
    }
  }
  void check_garbled() {
    BOOST_REQUIRE(has_passed());
    BOOST_TEST(changed() == Numbers(std::size(garbled), 2), per_element);
    const auto held = parked();
    BOOST_REQUIRE(held.size() == std::size(garbled));
    for (std::size_t i = 0; i < held.size(); ++i) {
      BOOST_TEST((held[i].state == ParkedState::dead));
      BOOST_TEST((held[i].payload == garbled[i].first));
      BOOST_TEST(held[i].cause.starts_with(garbled[i].second));
    }
  }

  testing::TemporaryDirectory disk;
  testing::NatsServer server;
  Provisioner provisioner{server.url()};
  std::unique_ptr<Service> counting;
  std::unique_ptr<Service> mirroring;

 private:
  std::uint64_t sent_ = 0;
};

constexpr auto retry = module::Instance::ParkedAction::retry;
constexpr auto discard = module::Instance::ParkedAction::discard;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(an_event_that_the_subscriber_does_not_know, Versions)

BOOST_AUTO_TEST_CASE(waits_with_its_key_until_a_version_handles_it_once) {
  start_counter(next);
  start_mirror(present_mirror(), present);
  add("a", 1);
  add("a", 2, "removed");
  add("a", 3);
  add("b", 4);
  BOOST_REQUIRE(has_passed());
  BOOST_TEST(changed() == (Numbers{1, 4}), per_element);

  const auto held = parked();
  BOOST_REQUIRE(held.size() == 2U);
  BOOST_TEST((held[0].state == ParkedState::dead));
  BOOST_TEST(held[0].seq == 2U);
  BOOST_TEST(held[0].type == "counter.removed.v1");
  BOOST_TEST(held[0].key == "a");
  BOOST_TEST(held[0].cause == "message.unknown_type: counter.removed.v1");
  BOOST_TEST(held[0].payload == R"({"key":"a","number":2,"text":""})");
  BOOST_TEST(message::from_headers(held[0].headers, Instant{}).value().source == "counter");
  BOOST_TEST((held[1].state == ParkedState::waiting));
  BOOST_TEST(mirroring->instance->health().dead == 1U);
  BOOST_TEST(lines_with("message dead") == 1);
  BOOST_TEST(alarms() == 0U);

  BOOST_TEST(resolve(2, retry).ok());
  BOOST_REQUIRE(eventually([&] { return lines_with("message dead") == 2; }));
  BOOST_TEST(parked().front().cause == held[0].cause);
  BOOST_TEST(changed() == (Numbers{1, 4}), per_element);

  start_mirror(next_mirror(), next);
  BOOST_TEST(parked().size() == 2U);
  BOOST_TEST(resolve(2, retry).ok());
  BOOST_REQUIRE(eventually([&] { return parked().empty(); }));
  BOOST_TEST(removed() == (Numbers{2}), per_element);
  BOOST_TEST(changed() == (Numbers{1, 4, 3}), per_element);
  BOOST_TEST((resolve(2, retry).error() == Error{Errc::not_found, "delivery.not_parked"}));
  add("a", 5, "removed");
  BOOST_REQUIRE(has_passed());
  BOOST_TEST(removed() == (Numbers{2, 5}), per_element);
}

BOOST_AUTO_TEST_CASE(is_given_up_when_somebody_says_so_and_what_waits_goes_on) {
  start_counter(next);
  start_mirror(present_mirror(), present);
  add("a", 1, "removed");
  add("a", 2);
  BOOST_REQUIRE(has_passed());
  BOOST_TEST(resolve(1, discard).ok());
  BOOST_REQUIRE(eventually([&] { return parked().empty(); }));
  BOOST_TEST(changed() == (Numbers{2}), per_element);
}

BOOST_AUTO_TEST_CASE(stays_out_although_the_process_knows_the_type_but_not_on_this_link) {
  start_counter(next);
  start_mirror(next_mirror(), {next_messages, present_edges});
  add("a", 1, "removed");
  BOOST_REQUIRE(has_passed());
  for (int times = 1; times <= 2; ++times) {
    BOOST_REQUIRE(eventually([&] { return lines_with("message dead") == times; }));
    BOOST_REQUIRE(parked().size() == 1U);
    BOOST_TEST(parked().front().cause == "message.unknown_type: counter.removed.v1");
    BOOST_TEST(resolve(1, retry).ok());
  }
  BOOST_TEST(removed().empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(a_body_that_can_not_be_decoded, Versions)

BOOST_AUTO_TEST_CASE(is_kept_byte_for_byte_and_stops_nothing) {
  start_counter(faulty);
  start_mirror(present_mirror(), present);
  add_garbled();
  check_garbled();
}

BOOST_AUTO_TEST_CASE(stops_nothing_either_if_its_producer_has_to_read_it_back) {
  start_counter(faulty);
  add_garbled();
  start_mirror(present_mirror(), present);
  check_garbled();
}

BOOST_AUTO_TEST_SUITE_END()
