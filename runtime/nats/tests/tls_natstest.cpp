#define BOOST_TEST_MODULE nats_tls
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "banyan/security/certificate.hpp"
#include "banyan/testing/test_ca.hpp"
#include "peer.hpp"

namespace banyan::nats {
namespace {

using namespace std::chrono_literals;
using testing::NatsServer;
using testing::TestCa;

std::string configuration(const TestCa::Files& files) {
  return "tls { cert_file: \"" + files.certificate + "\", key_file: \"" + files.key + "\", ca_file: \"" +
         files.ca + "\", verify: true }";
}

ConnectionOptions options_for(const NatsServer& server, const TestCa::Files& files) {
  auto options = Peer::options_for(server.url());
  options.tls = TlsFiles{files.ca, files.certificate, files.key};
  options.expected_host = security::dns_name("nats");
  return options;
}

struct WithTls {
  TestCa ca;
  NatsServer server{configuration(ca.issue("nats"))};
};

BOOST_FIXTURE_TEST_SUITE(tls, WithTls)

BOOST_AUTO_TEST_CASE(requests_pass_through_tls) {
  Peer peer{options_for(server, ca.issue("orders"))};
  peer.await(State::connected);
  peer.echo("rpc.echo");
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{16'000}, std::size_t{17'000}, std::size_t{900'000}}) {
    const std::string data(size, 'x');
    BOOST_TEST(peer.request("rpc.echo", data).value().data == data);
  }
}

BOOST_AUTO_TEST_CASE(it_comes_back_after_kills_with_tls) {
  Peer peer{options_for(server, ca.issue("orders"))};
  peer.await(State::connected);
  peer.echo("rpc.echo");
  for (int kills = 0; kills < 10; ++kills) {
    server.kill();
    peer.await(State::disconnected);
    server.start();
    peer.await(State::connected);
    peer.settle();
    BOOST_TEST(peer.request("rpc.echo", "hello").value().data == "hello");
  }
}

BOOST_AUTO_TEST_CASE(a_server_of_another_authority_is_refused) {
  TestCa other;
  auto files = ca.issue("orders");
  files.ca = other.issue("orders").ca;
  Peer peer{options_for(server, files)};
  const auto trouble = peer.await_trouble();
  BOOST_TEST(trouble.reason() == "nats.refused");
  BOOST_TEST((peer->state() == State::connecting));
}

BOOST_AUTO_TEST_CASE(a_server_of_another_name_is_refused) {
  NatsServer wrong{configuration(ca.issue("nats-1"))};
  Peer peer{options_for(wrong, ca.issue("orders"))};
  BOOST_TEST(peer.await_trouble().reason() == "nats.refused");
  BOOST_TEST((peer->state() == State::connecting));
}

BOOST_AUTO_TEST_CASE(a_server_without_tls_is_refused) {
  NatsServer plain;
  Peer peer{options_for(plain, ca.issue("orders"))};
  BOOST_TEST(peer.await_trouble().reason() == "nats.refused");
}

BOOST_AUTO_TEST_CASE(a_client_without_a_certificate_or_with_one_of_another_authority_is_refused) {
  Peer anonymous{server.url()};
  BOOST_TEST(anonymous.await_trouble().reason() == "nats.refused");

  TestCa other;
  auto files = other.issue("orders");
  files.ca = ca.issue("orders").ca;
  Peer stranger{options_for(server, files)};
  BOOST_TEST(stranger.await_trouble().reason() == "nats.refused");
}

BOOST_AUTO_TEST_CASE(files_that_can_not_be_used_are_refused_at_once) {
  const auto orders = ca.issue("orders");
  const auto payments = ca.issue("payments");
  SystemClock clock;
  SystemRandom random;
  telemetry::CapturedLog lines;
  const telemetry::Log log{lines, clock, "test", telemetry::Level::debug};
  for (const TlsFiles& bad : {TlsFiles{orders.ca, orders.certificate, payments.key},
                              TlsFiles{"/nowhere", orders.certificate, orders.key},
                              TlsFiles{orders.ca, orders.key, orders.key}, TlsFiles{orders.ca, "", ""}}) {
    auto options = options_for(server, orders);
    options.tls = bad;
    const auto opened = Connection::open(options, clock, random, log);
    BOOST_REQUIRE(!opened.ok());
    BOOST_TEST(opened.error().reason() == "nats.bad_certificate");
  }
  auto nameless = options_for(server, orders);
  nameless.expected_host.clear();
  BOOST_TEST(Connection::open(nameless, clock, random, log).error().reason() == "nats.bad_options");
}

BOOST_AUTO_TEST_CASE(new_certificates_are_taken_under_load_without_a_failed_request) {
  Peer callee{options_for(server, ca.issue("inventory"))};
  Peer caller{options_for(server, ca.issue("orders"))};
  callee.await(State::connected);
  caller.await(State::connected);
  callee.echo("rpc.echo", "inventory");

  std::atomic<bool> stops{false};
  std::atomic<int> begun{0};
  std::atomic<int> ended{0};
  std::atomic<int> failed{0};
  std::thread load{[&] {
    while (!stops) {
      if (begun - ended >= 100) {
        std::this_thread::yield();
        continue;
      }
      ++begun;
      caller->request(Subject::parse("rpc.echo").value(), {}, "x", 10s, [&](const Result<Message>& answer) {
        if (!answer.ok()) ++failed;
        ++ended;
      });
    }
  }};
  const auto connections = [](const Peer& peer) {
    std::size_t lines = 0;
    for (const std::string& line : peer.log()) lines += line.find("connected to NATS") != std::string::npos;
    return lines;
  };
  for (std::size_t reloads = 1; reloads <= 10; ++reloads) {
    ca.issue("inventory");
    ca.issue("orders");
    BOOST_REQUIRE(callee->reload_certificates().ok());
    BOOST_REQUIRE(caller->reload_certificates().ok());
    while (connections(callee) <= reloads || connections(caller) <= reloads) std::this_thread::yield();
  }
  stops = true;
  load.join();
  while (ended < begun) std::this_thread::yield();

  BOOST_TEST(failed == 0);
  BOOST_TEST(begun > 1000);
}

BOOST_AUTO_TEST_CASE(what_is_published_keeps_its_order_while_certificates_are_reloaded) {
  Peer listener{options_for(server, ca.issue("inventory"))};
  Peer speaker{options_for(server, ca.issue("orders"))};
  listener.await(State::connected);
  speaker.await(State::connected);
  constexpr int count = 50'000;
  std::atomic<int> last{0};
  std::atomic<int> wrong{0};
  BOOST_REQUIRE(listener
                    ->subscribe("evt", {},
                                [&](const Message& message) {
                                  if (std::stoi(message.data) != last + 1) ++wrong;
                                  ++last;
                                })
                    .ok());
  listener.settle();

  for (int i = 1; i <= count; ++i) {
    while (!speaker->publish(Subject::parse("evt").value(), {}, std::to_string(i)).ok())
      std::this_thread::yield();
    if (i % 10'000 == 0) BOOST_REQUIRE(speaker->reload_certificates().ok());
  }
  while (last < count) std::this_thread::yield();

  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(a_reload_with_unusable_files_changes_nothing) {
  const auto files = ca.issue("orders");
  Peer peer{options_for(server, files)};
  peer.await(State::connected);
  std::ofstream{files.certificate} << "nonsense";
  BOOST_TEST(peer->reload_certificates().error().reason() == "nats.bad_certificate");
  BOOST_TEST((peer->state() == State::connected));
  peer.echo("rpc.echo");
  BOOST_TEST(peer.request("rpc.echo", "x").ok());
}

BOOST_AUTO_TEST_CASE(a_reload_while_the_server_is_away_is_made_up_for_when_it_is_back) {
  Peer peer{options_for(server, ca.issue("orders"))};
  peer.await(State::connected);
  peer.echo("rpc.echo");
  server.kill();
  peer.await(State::disconnected);
  ca.issue("orders");
  BOOST_REQUIRE(peer->reload_certificates().ok());
  server.start();
  peer.await(State::connected);
  peer.settle();
  BOOST_TEST(peer.request("rpc.echo", "x").ok());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace banyan::nats
