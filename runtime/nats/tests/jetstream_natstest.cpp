#define BOOST_TEST_MODULE nats_jetstream
#include "banyan/nats/jetstream.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <mutex>

#include "peer.hpp"

namespace banyan::nats {
namespace {

using namespace std::chrono_literals;
using testing::NatsServer;

const ConsumerName inventory{"EVT_orders", "inventory"};

StreamConfig stream_config() {
  StreamConfig config;
  config.name = "EVT_orders";
  config.subjects = {"evt.orders.>"};
  config.messages_per_subject_max = 4096;
  config.bytes_max = 1 << 30;
  return config;
}

ConsumerConfig consumer_config() {
  ConsumerConfig config;
  config.name = inventory;
  config.filter = "evt.orders.inventory";
  return config;
}

template <class T, class Ask>
Result<T> await(Ask ask) {
  Awaited<Result<T>> answer;
  ask(answer.setter());
  return answer.get();
}

struct WithStream {
  WithStream() {
    peer.await(State::connected);
    BOOST_REQUIRE(create_both().ok());
  }

  Result<ConsumerInfo> create_both() {
    const auto stream =
        await<StreamInfo>([&](auto done) { create_stream(*peer, stream_config(), 5s, done); });
    if (!stream.ok()) return stream.error();
    return await<ConsumerInfo>([&](auto done) { create_consumer(*peer, consumer_config(), 5s, done); });
  }
  Result<PubAck> publish(Headers headers, std::string data) {
    return await<PubAck>([&](auto done) {
      publish_to_stream(*peer, Subject::parse("evt.orders.inventory").value(), std::move(headers),
                        std::move(data), 5s, done);
    });
  }
  Result<StreamInfo> stream() {
    return await<StreamInfo>([&](auto done) { stream_info(*peer, "EVT_orders", 5s, done); });
  }
  Result<ConsumerInfo> consumer() {
    return await<ConsumerInfo>([&](auto done) { consumer_info(*peer, inventory, 5s, done); });
  }

  NatsServer server;
  Peer peer{server.url()};
};

/// Collects what is pulled. It may go before the connection, which pulls on to its own end.
class Pulled {
 public:
  PullHandlers handlers() {
    return {.on_delivery =
                [heard = heard_](Delivery delivery) { heard->add(heard->deliveries, std::move(delivery)); },
            .on_trouble = [heard = heard_](const Error& error) { heard->add(heard->troubles, error); }};
  }
  std::vector<Delivery> await_deliveries(std::size_t count) {
    return heard_->await(heard_->deliveries, count);
  }
  std::vector<Error> await_troubles(std::size_t count) { return heard_->await(heard_->troubles, count); }

 private:
  struct Heard {
    template <class T>
    void add(std::vector<T>& to, T item) {
      const std::lock_guard lock{mutex};
      to.push_back(std::move(item));
    }
    template <class T>
    std::vector<T> await(std::vector<T>& from, std::size_t count) {
      for (;; std::this_thread::yield()) {
        const std::lock_guard lock{mutex};
        if (from.size() >= count) return from;
      }
    }

    std::mutex mutex;
    std::vector<Delivery> deliveries;
    std::vector<Error> troubles;
  };

  std::shared_ptr<Heard> heard_ = std::make_shared<Heard>();
};

BOOST_FIXTURE_TEST_SUITE(jetstream, WithStream)

BOOST_AUTO_TEST_CASE(a_stored_message_has_a_number) {
  const auto first = publish({}, "a");
  const auto second = publish({}, "b");

  BOOST_REQUIRE(first.ok() && second.ok());
  BOOST_TEST(first.value().stream == "EVT_orders");
  BOOST_TEST(first.value().sequence == 1U);
  BOOST_TEST(second.value().sequence == 2U);
  BOOST_TEST(stream().value().last_sequence == 2U);
}

BOOST_AUTO_TEST_CASE(a_wrong_last_sequence_is_refused) {
  BOOST_REQUIRE(publish({{std::string{expected_last_sequence}, "0"}}, "a").ok());

  const auto refused = publish({{std::string{expected_last_sequence}, "0"}}, "b");

  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST((refused.error() == Error{Errc::conflict, "nats.wrong_last_sequence"}));
  BOOST_TEST(refused.error().detail() == "10071 wrong last sequence: 1");
  BOOST_TEST(stream().value().messages == 1U);
}

BOOST_AUTO_TEST_CASE(the_same_id_is_stored_once) {
  const Headers headers{{message_id, "orders:1:inventory:1"}};
  BOOST_REQUIRE(publish(headers, "a").ok());

  const auto again = publish(headers, "a");

  BOOST_REQUIRE(again.ok());
  BOOST_TEST(again.value().duplicate);
  BOOST_TEST(again.value().sequence == 1U);
  BOOST_TEST(stream().value().messages == 1U);
}

BOOST_AUTO_TEST_CASE(a_message_that_no_stream_takes_has_no_responders) {
  const auto refused = await<PubAck>(
      [&](auto done) { publish_to_stream(*peer, Subject::parse("nowhere").value(), {}, "x", 5s, done); });
  BOOST_TEST(refused.error().reason() == "nats.no_responders");
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_no_ack_is_not_taken_for_one) {
  BOOST_REQUIRE(peer->subscribe("liar", {},
                                [this](const Message& request) {
                                  static_cast<void>(peer->respond(request, {}, request.data));
                                })
                    .ok());
  for (const std::string bad : {"", "x", "[]", "{}", R"({"stream":"S"})", R"({"stream":1,"seq":"1"})"}) {
    const auto ack = await<PubAck>(
        [&](auto done) { publish_to_stream(*peer, Subject::parse("liar").value(), {}, bad, 5s, done); });
    BOOST_TEST(ack.error().reason() == "nats.bad_answer");
  }
}

BOOST_AUTO_TEST_CASE(what_is_pulled_comes_in_order_and_one_ack_covers_all_before_it) {
  Pulled pulled;
  BOOST_REQUIRE(pull(*peer, inventory, {.batch = 16}, pulled.handlers()).ok());
  constexpr std::size_t count = 500;
  for (std::size_t i = 1; i < count; ++i) {
    publish_to_stream(*peer, Subject::parse("evt.orders.inventory").value(),
                      {{"Banyan-Seq", std::to_string(i)}}, std::to_string(i), 5s,
                      [](const Result<PubAck>& ack) { BANYAN_ASSERT(ack.ok()); });
  }
  BOOST_REQUIRE(publish({}, std::to_string(count)).ok());

  const auto deliveries = pulled.await_deliveries(count);

  BOOST_REQUIRE(deliveries.size() == count);
  for (std::size_t i = 0; i < count; ++i) {
    BOOST_TEST(deliveries[i].stream_sequence == i + 1);
    BOOST_TEST(deliveries[i].message.data == std::to_string(i + 1));
    BOOST_TEST(deliveries[i].message.subject == "evt.orders.inventory");
    BOOST_TEST(deliveries[i].attempts == 1U);
  }
  BOOST_TEST(consumer().value().unacknowledged == count);
  BOOST_TEST(ack(*peer, deliveries.back().message.reply).ok());
  peer.settle();
  BOOST_TEST(consumer().value().unacknowledged == 0U);
  BOOST_TEST(consumer().value().acknowledged_stream_sequence == count);
}

BOOST_AUTO_TEST_CASE(a_pull_goes_on_after_it_has_expired) {
  Pulled pulled;
  BOOST_REQUIRE(pull(*peer, inventory, {.batch = 4, .expires = 50ms}, pulled.handlers()).ok());
  for (std::size_t i = 1; i <= 20; ++i) {
    Awaited<int> later;
    peer->call_after(20ms, [set = later.setter()] { set(0); });
    later.get();
    BOOST_REQUIRE(publish({}, "x").ok());
    pulled.await_deliveries(i);
  }
}

BOOST_AUTO_TEST_CASE(a_pull_goes_on_after_kills_of_the_server) {
  Pulled pulled;
  BOOST_REQUIRE(pull(*peer, inventory, {}, pulled.handlers()).ok());
  for (std::size_t i = 1; i <= 5; ++i) {
    BOOST_REQUIRE(publish({}, std::to_string(i)).ok());
    BOOST_TEST(ack(*peer, pulled.await_deliveries(i)[i - 1].message.reply).ok());
    peer.settle();
    server.kill();
    peer.await(State::disconnected);
    server.start();
    peer.await(State::connected);
    peer.settle();
  }
}

BOOST_AUTO_TEST_CASE(a_consumer_that_vanishes_is_told_and_pulled_again_when_it_is_back) {
  Pulled pulled;
  BOOST_REQUIRE(pull(*peer, inventory, {.expires = 50ms, .retry_after = 10ms}, pulled.handlers()).ok());
  peer.settle();
  BOOST_REQUIRE(await<Unit>([&](auto done) { delete_stream(*peer, "EVT_orders", 5s, done); }).ok());
  pulled.await_troubles(3);
  BOOST_TEST(stream().error().reason() == "nats.no_stream");

  BOOST_REQUIRE(create_both().ok());
  BOOST_REQUIRE(publish({}, "again").ok());

  BOOST_TEST(pulled.await_deliveries(1).front().message.data == "again");
}

BOOST_AUTO_TEST_CASE(a_pull_that_is_stopped_leaves_what_comes_to_others) {
  Pulled stopped;
  auto stop = pull(*peer, inventory, {.batch = 1, .expires = 200ms}, stopped.handlers());
  BOOST_REQUIRE(stop.ok());
  BOOST_REQUIRE(publish({}, "first").ok());
  BOOST_TEST(stopped.await_deliveries(1).front().message.data == "first");
  peer->call_on_loop(stop.value());
  std::this_thread::sleep_for(500ms);  // what it had asked for has expired
  BOOST_REQUIRE(publish({}, "second").ok());
  Pulled next;
  BOOST_REQUIRE(pull(*peer, inventory, {}, next.handlers()).ok());
  BOOST_TEST(next.await_deliveries(1).front().message.data == "second");
  BOOST_TEST(stopped.await_deliveries(1).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_stored_message_can_not_pretend_to_be_the_server) {
  Pulled pulled;
  BOOST_REQUIRE(pull(*peer, inventory, {}, pulled.handlers()).ok());
  BOOST_REQUIRE(publish({{"Status", "409"}, {"Description", "Consumer Deleted"}}, {}).ok());
  BOOST_TEST(pulled.await_deliveries(1).front().stream_sequence == 1U);
}

BOOST_AUTO_TEST_CASE(streams_and_consumers_are_changed_and_deleted) {
  auto other = stream_config();
  other.messages_per_subject_max = 9;
  const auto create = [&](auto done) { create_stream(*peer, other, 5s, done); };
  BOOST_TEST(await<StreamInfo>(create).error().reason() == "nats.stream_exists");
  BOOST_TEST(await<StreamInfo>([&](auto done) { update_stream(*peer, other, 5s, done); }).ok());
  BOOST_TEST(await<StreamInfo>(create).ok());

  BOOST_TEST(await<Unit>([&](auto done) { delete_consumer(*peer, inventory, 5s, done); }).ok());
  BOOST_TEST(consumer().error().reason() == "nats.no_consumer");
}

BOOST_AUTO_TEST_CASE(a_stream_that_is_full_refuses) {
  auto small = stream_config();
  small.discard = Discard::new_messages;
  small.messages_max = 1;
  small.messages_per_subject_max = 0;
  BOOST_REQUIRE(await<StreamInfo>([&](auto done) { update_stream(*peer, small, 5s, done); }).ok());
  BOOST_REQUIRE(publish({}, "a").ok());
  BOOST_TEST(publish({}, "b").error().reason() == "nats.no_space");
}

BOOST_AUTO_TEST_CASE(names_that_could_reach_another_subject_are_refused) {
  for (const std::string bad : {"", "a.b", "*", ">", "a b", "a\r\nPUB b 0\r\n"}) {
    const auto info = await<StreamInfo>([&](auto done) { stream_info(*peer, bad, 5s, done); });
    BOOST_TEST(info.error().reason() == "nats.bad_name");
    BOOST_TEST(pull(*peer, {"EVT_orders", bad}, {}, {}).error().reason() == "nats.bad_name");
  }
  BOOST_TEST(ack(*peer, "$JS.API.STREAM.DELETE.EVT_orders").error().reason() == "nats.bad_subject");
  BOOST_TEST(ack(*peer, "").error().reason() == "nats.bad_subject");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace banyan::nats
