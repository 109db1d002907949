#define BOOST_TEST_MODULE nats_reconnect
#include <sys/socket.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <csignal>

#include "fake_server.hpp"
#include "peer.hpp"

namespace banyan::nats {
namespace {

using namespace std::chrono_literals;
using testing::NatsServer;

BOOST_AUTO_TEST_CASE(it_connects_when_the_server_starts_later) {
  NatsServer server;
  server.stop();
  Peer peer{server.url()};
  peer.echo("rpc.echo");
  BOOST_TEST((peer->state() == State::connecting));
  BOOST_TEST(peer.request("rpc.echo", "x").error().reason() == "nats.disconnected");
  BOOST_TEST(peer->publish(Subject::of({"a"}).value(), {}, "x").error().reason() == "nats.disconnected");

  server.start();
  peer.await(State::connected);
  peer.settle();

  BOOST_TEST(peer.request("rpc.echo", "hello").value().data == "hello");
  BOOST_TEST(peer->server().version == "2.9.10");
  BOOST_TEST(peer->server().has_jetstream);
  BOOST_TEST(peer->server().payload_max == 1'048'576U);
  BOOST_TEST(!peer->trouble().has_value());
}

BOOST_AUTO_TEST_CASE(it_comes_back_after_each_kill_of_the_server) {
  NatsServer server;
  Peer peer{server.url()};
  peer.await(State::connected);
  peer.echo("rpc.echo");

  for (int kills = 0; kills < 20; ++kills) {
    server.kill();
    peer.await(State::disconnected);
    BOOST_TEST(peer.request("rpc.echo", "x").error().reason() == "nats.disconnected");
    server.start();
    peer.await(State::connected);
    peer.settle();
    BOOST_TEST(peer.request("rpc.echo", "hello").value().data == "hello");
  }
}

BOOST_AUTO_TEST_CASE(every_request_under_way_at_a_kill_ends_with_an_error) {
  NatsServer server;
  Peer peer{server.url()};
  peer.await(State::connected);
  BOOST_REQUIRE(peer->subscribe("rpc.silent", {}, [](const Message&) {}).ok());
  peer.settle();

  constexpr int requests = 300;
  std::atomic<int> lost{0};
  std::atomic<int> ended{0};
  Awaited<int> all;
  for (int i = 0; i < requests; ++i) {
    peer->request(Subject::parse("rpc.silent").value(), {}, std::string(1000, 'x'), 60s,
                  [&, set = all.setter()](const Result<Message>& answer) {
                    const bool is_seen = peer->state() == State::disconnected;
                    if (is_seen && answer.error().reason() == "nats.lost") ++lost;
                    if (++ended == requests) set(lost);
                  });
  }
  peer.settle();
  server.kill();

  BOOST_TEST(all.get() == requests);
}

BOOST_AUTO_TEST_CASE(a_load_goes_on_through_kills_and_no_request_is_forgotten) {
  NatsServer server;
  Peer peer{server.url()};
  peer.await(State::connected);
  peer.echo("rpc.echo");

  std::atomic<bool> stops{false};
  std::atomic<int> begun{0};
  std::atomic<int> ended{0};
  std::thread load{[&] {
    while (!stops) {
      if (begun - ended > 200) {
        std::this_thread::yield();
        continue;
      }
      ++begun;
      peer->request(Subject::parse("rpc.echo").value(), {{"n", "1"}}, std::string(300, 'x'), 5s,
                    [&](const Result<Message>&) { ++ended; });
    }
  }};
  for (int kills = 0; kills < 10; ++kills) {
    server.kill();
    server.start();
    peer.await(State::connected);
    peer.settle();
  }
  stops = true;
  load.join();
  peer.settle();
  while (ended < begun) std::this_thread::yield();

  BOOST_TEST(ended == begun);
  BOOST_TEST(peer.request("rpc.echo", "hello").value().data == "hello");
}

BOOST_AUTO_TEST_CASE(a_server_that_is_too_old_is_told_clearly) {
  FakeServer old{R"(INFO {"server_id":"x","version":"2.8.4","max_payload":1048576})"
                 "\r\n"};
  Peer peer{old.url()};

  const auto trouble = peer.await_trouble();

  BOOST_TEST(trouble.reason() == "nats.server_too_old");
  BOOST_TEST(trouble.detail() == "the server is nats-server 2.8.4, 2.9 or newer is needed");
  BOOST_TEST((peer->state() == State::connecting));
}

BOOST_AUTO_TEST_CASE(what_is_no_nats_server_is_told_and_never_trusted) {
  for (const char* said : {"HTTP/1.1 400 Bad Request\r\n\r\n", "INFO {\r\n", "\r\n", ""}) {
    FakeServer other{said};
    Peer peer{other.url()};
    BOOST_TEST(peer.await_trouble().reason() == "nats.unreachable");
  }
}

BOOST_AUTO_TEST_CASE(a_silent_server_does_not_hang_the_connection) {
  FakeServer silent{"", FakeServer::Then::stays};
  auto options = Peer::options_for(silent.url());
  options.connect_timeout = 20ms;
  Peer peer{options};
  BOOST_TEST(peer.await_trouble().reason() == "nats.unreachable");
}

BOOST_AUTO_TEST_CASE(of_several_servers_it_takes_one_that_is_there) {
  NatsServer gone;
  gone.stop();
  NatsServer server;
  Peer peer{gone.url() + "," + server.url()};
  peer.await(State::connected);
  BOOST_TEST((peer->state() == State::connected));
}

BOOST_AUTO_TEST_CASE(a_server_that_reads_nothing_fills_the_queue_and_then_refuses) {
  NatsServer server;
  auto options = Peer::options_for(server.url());
  options.pending_max = 1 << 20;
  Peer peer{options};
  peer.await(State::connected);
  server.signal(SIGSTOP);

  Status last = success();
  for (int i = 0; i < 1000 && last.ok(); ++i) {
    last = peer->publish(Subject::of({"a"}).value(), {}, std::string(100'000, 'x'));
  }
  BOOST_REQUIRE(!last.ok());
  BOOST_TEST((last.error() == Error{Errc::resource_exhausted, "nats.full"}));

  server.signal(SIGCONT);
  peer.settle();
  BOOST_TEST(peer->publish(Subject::of({"a"}).value(), {}, "x").ok());
}

BOOST_AUTO_TEST_CASE(it_stops_listening_also_while_it_changes_over_to_new_certificates) {
  NatsServer server;
  for (int i = 0; i < 100; ++i) {
    Peer peer{server.url()};
    peer.await(State::connected);
    peer.echo("rpc.echo");
    BOOST_REQUIRE(peer->reload_certificates().ok());
    std::this_thread::sleep_for(std::chrono::microseconds{i * 20});
    Awaited<bool> silent;
    peer->stop_listening([set = silent.setter()] { set(true); });
    BOOST_REQUIRE(silent.get());
  }
}

BOOST_AUTO_TEST_CASE(closing_fails_what_is_under_way_and_what_comes_after) {
  NatsServer server;
  Peer peer{server.url()};
  peer.await(State::connected);
  BOOST_REQUIRE(peer->subscribe("rpc.silent", {}, [](const Message&) {}).ok());
  Awaited<Result<Message>> answer;
  std::atomic<State> state_at_answer = State::connecting;
  peer->request(Subject::parse("rpc.silent").value(), {}, {}, 60s,
                [&, set = answer.setter()](Result<Message> result) {
                  state_at_answer = peer->state();
                  set(std::move(result));
                });
  peer.settle();

  peer->close();

  BOOST_TEST(answer.get().error().reason() == "nats.lost");
  BOOST_TEST((state_at_answer == State::closed));
  BOOST_TEST(peer.request("rpc.silent", "x").error().reason() == "nats.closed");
  BOOST_TEST(peer->publish(Subject::of({"a"}).value(), {}, "x").error().reason() == "nats.closed");
  BOOST_TEST((peer->state() == State::closed));
}

}  // namespace
}  // namespace banyan::nats
