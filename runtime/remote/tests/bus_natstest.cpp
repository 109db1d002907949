#define BOOST_TEST_MODULE remote_bus
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "banyan/telemetry/names.hpp"
#include "neighbours.hpp"

using namespace banyan;
using namespace banyan::remote;

namespace {

struct Neighbours {
  Neighbours() { provisioner.provide(); }

  void start() {
    counting = std::make_unique<Service>(counter(), server.url(), disk.path());
    mirroring = std::make_unique<Service>(mirror(), server.url(), disk.path());
  }
  /// Adds the next numbers, here, one after the other.
  void add(int count) {
    for (int i = 0; i < count; ++i) {
      const auto added = ask(counting->instance->endpoint(), counting->ids, counting->clock,
                             Add{.key = std::to_string(added_ % 7), .number = ++added_}, "test");
      BOOST_REQUIRE(added.ok());
    }
  }
  /// Everything has arrived once and in order, here and there.
  void check() {
    std::vector<std::int64_t> all(static_cast<std::size_t>(added_));
    std::vector<std::int64_t> tenth;
    for (std::int64_t i = 0; i < added_; ++i) {
      all[static_cast<std::size_t>(i)] = i + 1;
      if ((i + 1) % 10 == 0) tenth.push_back(i + 1);
    }
    const bool has_arrived = eventually([&] {
      return counting->numbers("mirror.seen.v1").size() >= all.size() &&
             mirroring->numbers("mirror.note.v1").size() >= tenth.size();
    });
    if (!has_arrived) print();
    BOOST_TEST(mirroring->numbers("counter.changed.v1") == all, boost::test_tools::per_element());
    BOOST_TEST(mirroring->numbers("mirror.note.v1") == tenth, boost::test_tools::per_element());
    BOOST_TEST(counting->numbers("mirror.seen.v1") == all, boost::test_tools::per_element());
  }
  /// One of the messages to mirror.
  nats::Message message_seen_by(auto& stranger) {
    BOOST_REQUIRE(eventually([&] {
      add(1);
      check();
      return stranger.last().has_value();
    }));
    return *stranger.last();
  }
  void print() {
    for (const auto* service : {counting.get(), mirroring.get()}) {
      for (const std::string& line : service->lines.lines()) BOOST_TEST_MESSAGE(line);
    }
  }

  testing::TemporaryDirectory disk;
  testing::NatsServer server;
  Provisioner provisioner{server.url()};
  std::unique_ptr<Service> counting;
  std::unique_ptr<Service> mirroring;

 private:
  std::int64_t added_ = 0;
};

/// Somebody else who may read the messages to mirror, and write such ones.
class Stranger {
 public:
  explicit Stranger(const std::string& url) : process_("stranger", url) {
    BOOST_REQUIRE(eventually([&] { return process_.connection->state() == nats::State::connected; }));
    const auto listen = [this](nats::Message message) {
      std::scoped_lock{mutex_}, seen_ = std::move(message);
    };
    BOOST_REQUIRE(process_.connection->subscribe("evt.counter.mirror", {}, listen).ok());
  }

  std::optional<nats::Message> last() { return std::scoped_lock{mutex_}, seen_; }
  /// The headers of `like`, but for its row if another one is given.
  void write(const nats::Message& like, std::string data, const std::string& row = {}) {
    nats::Headers headers;
    for (std::size_t i = 0; i < like.headers.size(); ++i) {
      const auto [name, value] = like.headers[i];
      if (name.starts_with("Nats-")) continue;
      headers.add(name, name == "Banyan-Row" && !row.empty() ? std::string_view{row} : value);
    }
    const auto subject = nats::Subject::parse("evt.counter.mirror").value();
    BOOST_REQUIRE(process_.connection->publish(subject, std::move(headers), std::move(data)).ok());
  }

 private:
  std::mutex mutex_;
  std::optional<nats::Message> seen_;
  Process process_;
};

/// A process without a module that calls the counter.
struct Gateway : Process {
  Gateway(const std::string& url, BusOptions options = {})
      : Process("gateway", url, std::move(options)), endpoint(bus->endpoint_of("counter")) {
    bus->start();
    BOOST_REQUIRE(eventually([&] { return connection->state() == nats::State::connected; }));
  }

  template <message::Message C>
  Result<typename C::Answer> call(C question, Duration timeout = 5s, std::string source = "gateway") {
    return ask(endpoint, ids, clock, std::move(question), std::move(source), timeout);
  }

  message::Endpoint& endpoint;
};

std::string reason(const auto& result) { return result.ok() ? std::string{} : result.error().reason(); }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(links, Neighbours)

BOOST_AUTO_TEST_CASE(carry_events_and_durable_commands_both_ways) {
  start();
  add(100);
  check();
  const Health health = counting->bus->health();
  BOOST_TEST((health.broker == nats::State::connected));
  BOOST_TEST(health.links.size() == 2U);
  BOOST_TEST(eventually([&] {
    for (const LinkHealth& link : counting->bus->health().links) {
      if (!link.is_flowing || link.confirmed != link.passed) return false;
    }
    return counting->instance->health().outbox_confirmed == counting->instance->health().outbox_head;
  }));
}

BOOST_AUTO_TEST_CASE(go_on_where_they_were_when_either_end_restarts) {
  start();
  for (int life = 0; life < 3; ++life) {
    add(50);
    counting.reset();
    counting = std::make_unique<Service>(counter(), server.url(), disk.path());
    add(50);
    mirroring.reset();
    add(50);
    mirroring = std::make_unique<Service>(mirror(), server.url(), disk.path());
  }
  check();
}

BOOST_AUTO_TEST_CASE(whose_stream_is_missing_are_told_of_once_with_what_to_do) {
  testing::NatsServer empty;
  Service waiting{mirror(), empty.url(), disk.path()};
  const auto told = [&] {
    const auto lines = waiting.lines.lines();
    return std::ranges::count_if(lines, [](const std::string& line) {
      return line.find("nothing to pull from") != std::string::npos &&
             line.find("banyanctl nats provision") != std::string::npos;
    });
  };
  BOOST_TEST(eventually([&] { return told() > 0; }));
  std::this_thread::sleep_for(3s);  // it looks every two
  BOOST_TEST(told() == 1);
}

BOOST_AUTO_TEST_CASE(do_not_flow_while_a_subscriber_has_nothing_to_pull_from) {
  start();
  add(10);
  check();
  const auto flows = [&] {
    return std::ranges::all_of(mirroring->bus->health().links,
                               [](const LinkHealth& link) { return link.is_outgoing || link.is_flowing; });
  };
  BOOST_TEST(eventually(flows));
  provisioner.remove_consumers();
  BOOST_TEST(eventually([&] { return !flows(); }));
  provisioner.provide();
  BOOST_TEST(eventually(flows));
  add(10);
  check();
}

// Though each end hears of the other.
BOOST_AUTO_TEST_CASE(do_not_flow_before_the_streams_are_there) {
  testing::NatsServer empty;
  Service counting_alone{counter(), empty.url(), disk.path() + "/empty"};
  Service mirroring_alone{mirror(), empty.url(), disk.path() + "/empty"};
  const auto flows = [&] {
    return std::ranges::any_of(mirroring_alone.bus->health().links, [](const LinkHealth& link) {
      return !link.is_outgoing && link.producer == "counter" && link.is_flowing;
    });
  };
  for (int i = 0; i < 150; ++i, std::this_thread::sleep_for(10ms)) BOOST_REQUIRE(!flows());
  Provisioner{empty.url()}.provide();
  BOOST_TEST(eventually(flows));
}

BOOST_AUTO_TEST_CASE(wait_for_a_neighbour_that_is_not_there_yet) {
  counting = std::make_unique<Service>(counter(), server.url(), disk.path());
  add(2000);
  mirroring = std::make_unique<Service>(mirror(), server.url(), disk.path());
  check();
}

// By itself a subscriber reports once a second: it would take up to eight seconds.
BOOST_AUTO_TEST_CASE(flow_as_soon_as_the_producer_is_there_too) {
  mirroring = std::make_unique<Service>(mirror(), server.url(), disk.path());
  Duration waited{0};
  for (int life = 0; life < 8; ++life) {
    counting = std::make_unique<Service>(counter(), server.url(), disk.path());
    BOOST_REQUIRE(eventually([&] { return counting->connection->state() == nats::State::connected; }));
    const Instant connected = counting->clock.now();
    BOOST_REQUIRE(eventually([&] {
      const Health health = counting->bus->health();
      return std::ranges::any_of(health.links, [](const LinkHealth& link) {
        return link.subscriber == "mirror" && link.is_flowing;
      });
    }));
    waited += counting->clock.now() - connected;
    counting.reset();
  }
  BOOST_TEST_MESSAGE("waited for " << std::chrono::duration<double>{waited}.count() << " s");
  BOOST_TEST((waited < 2s));
}

// Nobody waits for the broker to have read the last report, so now and then one is lost, and what it would
// have said is sent again.
BOOST_AUTO_TEST_CASE(tell_the_producer_at_the_end_of_a_subscriber_what_it_has_as_a_rule) {
  constexpr int lives = 8;
  counting = std::make_unique<Service>(counter(), server.url(), disk.path());
  int told = 0;
  for (int life = 0; life < lives; ++life) {
    mirroring =
        std::make_unique<Service>(mirror(), server.url(), disk.path(), BusOptions{.report_delay = 1h});
    BOOST_REQUIRE(eventually([&] {
      return std::ranges::any_of(counting->bus->health().links, [](const LinkHealth& link) {
        return link.subscriber == "mirror" && link.is_flowing;
      });
    }));
    add(1);
    while (std::ssize(mirroring->numbers("counter.changed.v1")) != life + 1) std::this_thread::yield();
    mirroring->instance->stop();
    mirroring->bus->report();
    mirroring->connection->close();
    const auto knows_it = [&] {
      const module::Health health = counting->instance->health();
      return health.outbox_confirmed == health.outbox_head;
    };
    for (int i = 0; i < 200 && !knows_it(); ++i) std::this_thread::sleep_for(5ms);
    if (knows_it()) ++told;
    mirroring.reset();
  }
  BOOST_TEST(told > lives / 2);
}

BOOST_AUTO_TEST_CASE(survive_a_broker_that_is_killed_again_and_again) {
  start();
  for (int i = 0; i < 5; ++i) {
    add(50);
    server.kill();
    add(50);
    server.start();
  }
  check();
}

BOOST_AUTO_TEST_CASE(survive_a_broker_that_loses_everything) {
  start();
  add(200);
  server.kill();
  std::filesystem::remove_all(server.store());
  add(200);
  server.start();
  provisioner.provide();
  add(10);
  check();
}

BOOST_AUTO_TEST_CASE(survive_a_broker_that_comes_back_with_an_older_store) {
  start();
  add(100);
  check();
  server.stop();
  const std::string copy = disk.path() + "/older";
  std::filesystem::copy(server.store(), copy, std::filesystem::copy_options::recursive);
  server.start();
  add(300);
  check();
  server.kill();
  std::filesystem::remove_all(server.store());
  std::filesystem::copy(copy, server.store(), std::filesystem::copy_options::recursive);
  add(50);
  server.start();
  provisioner.repair();
  add(50);
  check();
}

BOOST_AUTO_TEST_CASE(leave_out_what_was_written_into_the_stream_by_somebody_else_and_raise_an_alarm) {
  start();
  add(20);
  check();
  const auto alarms = mirroring->metrics.counter(telemetry::names::link_alarms,
                                                 {{"producer", "counter"}, {"subscriber", "mirror"}});
  Process stranger{"stranger", server.url()};
  BOOST_REQUIRE(eventually([&] { return stranger.connection->state() == nats::State::connected; }));
  const auto subject = nats::Subject::parse("evt.counter.mirror").value();
  BOOST_TEST(stranger.connection->publish(subject, {}, R"({"key":"k","number":666,"text":""})").ok());
  BOOST_TEST(eventually([&] { return alarms.value() == 1; }));
  add(20);
  check();
}

BOOST_AUTO_TEST_CASE(leave_out_what_was_changed_under_a_good_signature_and_what_is_said_once_more) {
  start();
  Stranger stranger{server.url()};
  const nats::Message sent = message_seen_by(stranger);
  const auto alarms = mirroring->metrics.counter(telemetry::names::link_alarms,
                                                 {{"producer", "counter"}, {"subscriber", "mirror"}});
  stranger.write(sent, R"({"key":"1","number":666,"text":""})");
  BOOST_TEST(eventually([&] { return alarms.value() == 1; }));
  stranger.write(sent, sent.data);
  add(1);
  check();
  BOOST_TEST(alarms.value() == 1U);
}

// The message stays in the stream: it must not end the subscriber again when that starts anew.
BOOST_AUTO_TEST_CASE(leave_out_a_row_that_no_store_can_have_also_after_a_restart) {
  start();
  Stranger stranger{server.url()};
  const nats::Message sent = message_seen_by(stranger);
  const auto alarms = mirroring->metrics.counter(telemetry::names::link_alarms,
                                                 {{"producer", "counter"}, {"subscriber", "mirror"}});
  const std::string epoch{sent.headers.find("Banyan-Row").value().substr(0, 36)};
  stranger.write(sent, sent.data, epoch + ":9223372036854775808:0:" + std::string(32, 'a'));
  BOOST_TEST(eventually([&] { return alarms.value() == 1; }));
  add(20);
  check();
  mirroring.reset();
  stranger.write(sent, sent.data, epoch + ":18446744073709551615:0:" + std::string(32, 'a'));
  mirroring = std::make_unique<Service>(mirror(), server.url(), disk.path());
  add(20);
  check();
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(calls, Neighbours)

BOOST_AUTO_TEST_CASE(are_answered_as_if_the_callee_were_here) {
  start();
  Gateway gateway{server.url()};
  BOOST_TEST((gateway.call(Add{.key = "a", .number = 4}).value() == Added{.key = "a", .number = 4}));
  BOOST_TEST(gateway.call(GetSum{}).value().number == 4);
  const auto refused = gateway.call(Add{.key = "refused"});
  BOOST_TEST((refused.error() == Error{Errc::rejected, "counter.refused"}));
  BOOST_TEST(refused.error().detail() == "as asked");
  BOOST_TEST(eventually([&] { return counting->bus->calls_under_way() == 0; }));
}

BOOST_AUTO_TEST_CASE(say_when_certainly_nothing_was_done) {
  Gateway gateway{server.url()};
  BOOST_TEST(reason(gateway.call(GetSum{})) == "remote.no_responders");
  BOOST_TEST(reason(gateway.call(GetSum{}, -1s)) == "message.expired");
  server.kill();
  BOOST_REQUIRE(eventually([&] { return gateway.connection->state() != nats::State::connected; }));
  BOOST_TEST(reason(gateway.call(GetSum{})) == "remote.disconnected");
}

BOOST_AUTO_TEST_CASE(have_an_unknown_outcome_if_the_caller_ends_before_they_are_answered) {
  Process silent{"counter", server.url()};
  std::promise<void> heard;
  BOOST_REQUIRE(
      silent.connection->subscribe("rpc.counter.add.v1", {}, [&](const nats::Message&) { heard.set_value(); })
          .ok());
  BOOST_REQUIRE(eventually([&] { return silent.connection->state() == nats::State::connected; }));
  Gateway gateway{server.url()};
  auto answer =
      std::async(std::launch::async, [&] { return gateway.call(Add{.key = "a", .number = 1}, 30s); });
  heard.get_future().wait();
  gateway.connection->close();
  BOOST_TEST(reason(answer.get()) == "remote.outcome_unknown");
}

BOOST_AUTO_TEST_CASE(are_refused_if_no_contract_has_them) {
  start();
  BOOST_TEST(reason(ask(counting->bus->endpoint_of("mirror"), counting->ids, counting->clock, Note{},
                        "counter")) == "remote.not_allowed");
  Gateway gateway{server.url()};
  BOOST_TEST(reason(gateway.call(GetSum{}, 5s, "orders")) == "remote.not_allowed");
}

BOOST_AUTO_TEST_CASE(prove_who_calls) {
  BusOptions verifying;
  verifying.verifier = [](std::string_view authorization) -> Result<std::string> {
    if (authorization == "Bearer good") return std::string{"gateway"};
    if (authorization == "Bearer stolen") return std::string{"mirror"};
    return Error{Errc::rejected, "test.bad_token"};
  };
  Service service{counter(), server.url(), disk.path(), verifying};
  for (const auto& [token, expected] : {std::pair{"good", ""}, std::pair{"stolen", "remote.not_allowed"},
                                        std::pair{"bad", "test.bad_token"}}) {
    BusOptions calling;
    calling.credentials = [token = std::string{token}](std::string_view callee) -> Result<std::string> {
      BOOST_TEST(callee == "counter");
      return "Bearer " + token;
    };
    Gateway gateway{server.url(), calling};
    BOOST_REQUIRE(eventually([&] { return reason(gateway.call(GetSum{})) != "remote.no_responders"; }));
    BOOST_TEST(reason(gateway.call(GetSum{})) == expected);
  }
}

BOOST_AUTO_TEST_CASE(show_up_in_what_the_stock_nats_tool_asks_for) {
  start();
  Gateway gateway{server.url()};
  BOOST_REQUIRE(gateway.call(GetSum{}).ok());
  for (const auto& [subject, type] :
       {std::pair{"$SRV.PING", "ping_response"}, std::pair{"$SRV.INFO.counter", "info_response"},
        std::pair{"$SRV.STATS.counter", "stats_response"}}) {
    std::promise<Result<nats::Message>> answered;
    gateway.connection->request(nats::Subject::parse(subject).value(), {}, {}, 5s,
                                [&](Result<nats::Message> answer) { answered.set_value(std::move(answer)); });
    const auto answer = answered.get_future().get();
    BOOST_REQUIRE(answer.ok());
    BOOST_TEST(answer.value().data.find(type) != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(are_not_taken_after_the_stop_and_those_before_are_all_answered) {
  start();
  Gateway gateway{server.url()};
  BOOST_TEST(gateway.call(GetSum{}).ok());
  std::atomic<int> answered = 0;
  std::mutex mutex;
  std::set<std::string> reasons;
  constexpr int calls = 2000;
  for (int i = 0; i < calls; ++i) {
    if (i == calls / 2) {
      BOOST_TEST(eventually([&] { return answered > 0; }));
      counting->bus->stop();
    }
    message::CallOptions options;
    options.envelope.id = gateway.ids.next();
    options.envelope.source = "gateway";
    options.envelope.time = gateway.clock.utc();
    options.envelope.deadline = gateway.clock.now() + 5s;
    message::call<Added>(gateway.endpoint, Add{.key = "a", .number = 1}, options, [&](const auto& added) {
      const std::lock_guard lock{mutex};
      reasons.insert(reason(added));
      ++answered;
    });
  }
  std::promise<void> idle;
  counting->bus->when_idle([&] { idle.set_value(); });
  BOOST_TEST((idle.get_future().wait_for(30s) == std::future_status::ready));
  counting->end();
  BOOST_TEST(eventually([&] { return answered == calls; }));
  const std::lock_guard lock{mutex};
  reasons.erase("remote.no_responders");  // of those that came too late, if any did
  BOOST_TEST(reasons == std::set<std::string>{""}, boost::test_tools::per_element());
  BOOST_TEST(reason(gateway.call(GetSum{})) == "remote.no_responders");
}

BOOST_AUTO_TEST_SUITE_END()
