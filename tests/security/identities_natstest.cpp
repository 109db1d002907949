// The broker lets in these identities, and changes that while it runs.
#define BOOST_TEST_MODULE security_identities
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include "broker.hpp"

namespace {

using namespace std::chrono_literals;
using banyan::security::Credentials;

constexpr banyan::Duration life = 1h;

struct Door : Broker {
  /// To show these.
  RawNats::Files files_with(const Credentials& credentials) const {
    const std::string file = disk.path() + "/shown.pem";
    std::ofstream{file} << credentials.certificate << credentials.key.reveal();
    return {pki.authority_file(), file, file};
  }

  Credentials authority() const {
    return {text_of(pki.authority_file()), banyan::Secret{text_of(pki.path() + "/ca.key")}};
  }

  bool lets_in(const RawNats::Files& files) const {
    try {
      RawNats client{port(), files};
      return true;
    } catch (const RawNats::Ended&) {
      return false;
    }
  }

 private:
  static std::string text_of(const std::string& path) {
    std::ostringstream out;
    out << std::ifstream{path}.rdbuf();
    return out.str();
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(the_broker, Door)

BOOST_AUTO_TEST_CASE(lets_in_who_has_a_certificate_of_its_authority_for_a_name_that_it_knows) {
  for (const auto* name : {"orders", "gateway", "admin", "ops", "sys"}) {
    BOOST_TEST_CONTEXT(name) { BOOST_TEST(lets_in(files_of(name))); }
  }
}

BOOST_AUTO_TEST_CASE(refuses_who_shows_no_certificate) {
  BOOST_TEST(!lets_in({pki.authority_file(), "", ""}));
}

BOOST_AUTO_TEST_CASE(refuses_who_does_not_speak_tls) {
  RawNats client{port()};
  BOOST_CHECK_THROW((client.say_hello(), client.flush()), RawNats::Ended);
}

BOOST_AUTO_TEST_CASE(refuses_certificates_of_another_authority) {
  const Credentials rogue = banyan::security::make_authority(clock.utc(), 2 * life).value();
  BOOST_TEST(!lets_in(files_with(banyan::security::issue(rogue, "orders", clock.utc(), life).value())));
}

BOOST_AUTO_TEST_CASE(refuses_names_that_are_no_user) {
  for (const auto* name : {"stranger", "nats-1"}) {
    const Credentials stranger = banyan::security::issue(authority(), name, clock.utc(), life).value();
    BOOST_TEST_CONTEXT(name) { BOOST_TEST(!lets_in(files_with(stranger))); }
  }
}

BOOST_AUTO_TEST_CASE(refuses_a_certificate_that_is_for_servers) { BOOST_TEST(!lets_in(files_of("nats"))); }

BOOST_AUTO_TEST_CASE(refuses_a_certificate_that_has_expired) {
  const Credentials late = banyan::security::issue(authority(), "orders", clock.utc() - 2min, 1min).value();
  BOOST_TEST(!lets_in(files_with(late)));
}

BOOST_AUTO_TEST_CASE(shows_a_new_certificate_while_old_connections_stay) {
  RawNats gateway = client("gateway");
  RawNats orders = client("orders");
  orders.subscribe("rpc.orders.>");
  orders.flush();
  const std::string old = gateway.server_serial();

  BOOST_REQUIRE(pki.issue("nats", clock.utc(), life).ok());
  server.signal(SIGHUP);
  std::size_t heard = 0;
  const auto call = [&] {
    gateway.publish("rpc.orders.get_order.v1");
    gateway.flush();
    orders.flush();
    heard += orders.take_messages().size();
  };
  std::string serial = old;
  int calls = 0;
  for (; calls < 1000 && serial == old; ++calls) {
    call();
    serial = client("users").server_serial();
  }
  for (int i = 0; i < 100; ++i, ++calls) call();

  BOOST_TEST(serial != old);
  BOOST_TEST(heard == static_cast<std::size_t>(calls));
}

BOOST_AUTO_TEST_CASE(closes_the_connections_of_a_user_who_was_taken_out_and_no_others) {
  RawNats shipping = client("shipping");
  RawNats orders = client("orders");

  reload(configuration({"shipping"}));

  BOOST_TEST(shipping.is_ended_within(10'000));
  BOOST_TEST(!lets_in(files_of("shipping")));
  orders.flush();
  BOOST_TEST(lets_in(files_of("orders")));
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

/// A member of a cluster, whose other member is not there.
struct Member : Door {
  Member() {
    for (const auto* name : {"nats-1", "nats-2", "nats-3"})
      BOOST_REQUIRE(pki.issue(name, clock.utc(), life).ok());
    server.stop();
    server.configure(configuration_of_a_member(cluster_port));
    server.start();
    for (int i = 0; i < 1000 && !listens_to_servers(); ++i) std::this_thread::sleep_for(10ms);
  }

  // A server opens the port for others of its kind after the one for clients.
  bool listens_to_servers() const {
    try {
      RawNats::as_server(cluster_port, files_of("nats-2"), "nats-1.banyan.internal");
      return true;
    } catch (const RawNats::Ended& end) {
      return end.what() != std::string_view{"nobody listens"};
    }
  }

  bool lets_in_as_server(std::string_view name) const {
    try {
      RawNats::as_server(cluster_port, files_of(name), "nats-1.banyan.internal");
      return true;
    } catch (const RawNats::Ended&) {
      return false;
    }
  }

  const std::uint16_t cluster_port = banyan::testing::free_port();
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_member_of_a_cluster, Member)

// A client that is taken for a server may say anything in the name of any account.
BOOST_AUTO_TEST_CASE(takes_the_other_members_for_servers_and_nobody_else) {
  BOOST_TEST(lets_in_as_server("nats-2"));
  for (const auto* name : {"orders", "gateway", "admin", "sys", "nats-3"}) {
    BOOST_TEST_CONTEXT(name) { BOOST_TEST(!lets_in_as_server(name)); }
  }
}

BOOST_AUTO_TEST_SUITE_END()
