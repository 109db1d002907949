#define BOOST_TEST_MODULE banyanctl_provision
#include "provision.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <filesystem>
#include <future>
#include <memory>

#include "banyan/telemetry/log_sinks.hpp"
#include "banyan/testing/nats_server.hpp"

namespace banyan::ctl {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr std::string_view types[] = {"a.happened.v1"};
constexpr message::Edge edges[] = {
    {.from = "a", .to = "b", .calls = {}, .messages = types},
    {.from = "a", .to = "c", .calls = types, .messages = types},
    {.from = "gateway", .to = "a", .calls = types, .messages = {}},
};
constexpr std::int64_t bytes_max = 1 << 20;
constexpr std::int64_t deliveries = 10;

/// A broker, and the provisioner over a connection of its own.
struct Broker {
  Broker() { connect(); }

  void connect() {
    nats::ConnectionOptions options;
    options.name = "test";
    options.url = server.url();
    connection = nats::Connection::open(options, clock, random, log).value();
    std::promise<void> connected;
    connection->on_state([&connected, is_set = false](nats::State state) mutable {
      if (state == nats::State::connected && !std::exchange(is_set, true)) connected.set_value();
    });
    connected.get_future().get();
  }

  Provisioner provisioner() {
    return Provisioner{*connection, provisions_of(edges, bytes_max),
                       [this](const std::string& text) { said.push_back(text); }};
  }

  template <class T, class Start>
  Result<T> wait_for(Start start) {
    std::promise<Result<T>> result;
    start([&result](Result<T> value) { result.set_value(std::move(value)); });
    return result.get_future().get();
  }

  Result<nats::ConsumerInfo> consumer(const std::string& name) {
    return wait_for<nats::ConsumerInfo>([&](auto done) {
      nats::consumer_info(*connection, {"EVT_a", name}, 5s, std::move(done));
    });
  }

  void publish(std::int64_t count) {
    const auto subject = nats::Subject::of({"evt", "a", "b"}).value();
    for (std::int64_t i = 0; i < count; ++i) {
      BOOST_REQUIRE(wait_for<nats::PubAck>([&](auto done) {
                      nats::publish_to_stream(*connection, subject, {}, "{}", 5s, std::move(done));
                    }).ok());
    }
  }

  /// Has b's consumer deliver up to that many, and acknowledges them.
  void consume(std::uint64_t last) {
    std::promise<void> all;
    nats::PullHandlers handlers{[&](const nats::Delivery& delivery) {
                                  BOOST_TEST(nats::ack(*connection, delivery.message.reply).ok());
                                  if (delivery.stream_sequence == last) all.set_value();
                                },
                                [](const Error&) {}};
    BOOST_REQUIRE(nats::pull(*connection, {"EVT_a", "b"}, {}, handlers).ok());
    all.get_future().get();
    connection->close();
  }

  testing::NatsServer server;
  SystemClock clock;
  SystemRandom random;
  telemetry::CapturedLog lines;
  telemetry::Log log{lines, clock, "test", telemetry::Level::error};
  std::unique_ptr<nats::Connection> connection;
  std::vector<std::string> said;
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_producer_has_one_stream_with_a_consumer_for_each_subscriber) {
  const std::vector<Provision> all = provisions_of(edges, bytes_max);
  BOOST_REQUIRE(all.size() == 1U);
  BOOST_TEST(all[0].stream.name == "EVT_a");
  BOOST_TEST((all[0].stream.subjects == std::vector<std::string>{"evt.a.>"}));
  BOOST_TEST(all[0].stream.bytes_max == bytes_max);
  BOOST_REQUIRE(all[0].consumers.size() == 2U);
  BOOST_TEST(all[0].consumers[0].name.consumer == "b");
  BOOST_TEST(all[0].consumers[0].filter == "evt.a.b");
  BOOST_TEST(all[0].consumers[1].filter == "evt.a.c");
}

BOOST_FIXTURE_TEST_CASE(what_is_missing_is_made_and_what_is_there_stays, Broker) {
  Provisioner provisioner = this->provisioner();
  BOOST_REQUIRE(provisioner.make().ok());
  publish(3);
  BOOST_REQUIRE(provisioner.make().ok());
  BOOST_REQUIRE(provisioner.repair().ok());
  BOOST_TEST(consumer("b").value().pending == 3U);
  BOOST_TEST(consumer("c").value().pending == 0U);
}

BOOST_FIXTURE_TEST_CASE(another_limit_is_taken_over, Broker) {
  BOOST_REQUIRE(provisioner().make().ok());
  Provisioner larger{*connection, provisions_of(edges, 2 * bytes_max), [](const std::string&) {}};
  BOOST_TEST(larger.make().ok());
}

BOOST_FIXTURE_TEST_CASE(what_the_broker_lost_is_made_again, Broker) {
  Provisioner provisioner = this->provisioner();
  BOOST_REQUIRE(provisioner.make().ok());
  const auto gone = wait_for<Unit>([&](auto done) {
    nats::delete_consumer(*connection, {"EVT_a", "c"}, 5s, std::move(done));
  });
  BOOST_REQUIRE(gone.ok());
  BOOST_REQUIRE(provisioner.repair().ok());
  BOOST_TEST(consumer("c").ok());

  BOOST_REQUIRE(wait_for<Unit>([&](auto done) {
                  nats::delete_stream(*connection, "EVT_a", 5s, std::move(done));
                }).ok());
  BOOST_REQUIRE(provisioner.repair().ok());
  BOOST_TEST(consumer("b").ok());
  BOOST_TEST(consumer("c").ok());
}

BOOST_FIXTURE_TEST_CASE(a_consumer_that_is_ahead_of_its_stream_starts_again, Broker) {
  BOOST_REQUIRE(provisioner().make().ok());
  publish(deliveries);
  server.stop();
  const fs::path messages = fs::path{server.store()} / "jetstream/$G/streams/EVT_a/msgs";
  const fs::path older = fs::path{server.store()} / "older";
  fs::copy(messages, older, fs::copy_options::recursive);
  server.start();
  connect();
  publish(deliveries);
  consume(2 * deliveries);

  server.stop();
  fs::remove_all(messages);
  fs::copy(older, messages, fs::copy_options::recursive);
  server.start();
  connect();
  BOOST_TEST(consumer("b").value().delivered_stream_sequence == 2U * deliveries);
  said.clear();
  BOOST_REQUIRE(provisioner().repair().ok());

  BOOST_TEST((said == std::vector<std::string>{"EVT_a.b: was ahead of its stream", "EVT_a.b: there"}));
  BOOST_TEST(consumer("b").value().delivered_stream_sequence == 0U);
  BOOST_TEST(consumer("b").value().pending == static_cast<std::uint64_t>(deliveries));
}

BOOST_FIXTURE_TEST_CASE(one_stream_that_can_not_be_made_keeps_no_other_from_being_made_and_repaired, Broker) {
  std::vector<Provision> all = provisions_of(edges, bytes_max);
  Provision too_large = all.front();
  too_large.stream.name = "EVT_0";
  too_large.stream.subjects = {"evt.0.>"};
  too_large.stream.bytes_max = std::int64_t{1} << 60;
  too_large.consumers.clear();
  all.insert(all.begin(), too_large);
  Provisioner provisioner{*connection, all, [](const std::string&) {}};

  const Status made = provisioner.make();
  BOOST_REQUIRE(!made.ok());
  BOOST_TEST(made.error().reason() == "nats.no_space");
  BOOST_TEST(consumer("c").ok());

  BOOST_REQUIRE(wait_for<Unit>([&](auto done) {
                  nats::delete_consumer(*connection, {"EVT_a", "c"}, 5s, std::move(done));
                }).ok());
  BOOST_TEST(!provisioner.repair().ok());
  BOOST_TEST(consumer("c").ok());
}

BOOST_FIXTURE_TEST_CASE(a_broker_that_is_away_is_an_error_that_may_be_tried_again, Broker) {
  server.stop();
  const Status made = provisioner().make();
  BOOST_REQUIRE(!made.ok());
  BOOST_TEST(is_retryable(made.error().code()));
}

}  // namespace banyan::ctl
