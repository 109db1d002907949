// The limits that the broker's configuration sets, each probed.
#define BOOST_TEST_MODULE security_limits
#include <boost/test/unit_test.hpp>
#include <memory>

#include "broker.hpp"

namespace {

constexpr int second = 1000;  // In milliseconds.
constexpr std::size_t payload_max = 2 << 20;

/// The server's last word before it ends the connection; empty if it does not.
std::string last_words(RawNats& client) {
  try {
    client.flush();
  } catch (const RawNats::Ended& ended) {
    return ended.what();
  }
  return "";
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(the_broker, Broker)

BOOST_AUTO_TEST_CASE(takes_messages_of_two_mebibytes_and_no_more) {
  RawNats orders = client("orders");
  orders.publish("evt.orders.inventory", std::string(payload_max, 'x'));
  BOOST_TEST(last_words(orders) == "");

  orders.send("PUB evt.orders.inventory " + std::to_string(payload_max + 1) + "\r\n");
  BOOST_TEST(last_words(orders) == "-ERR 'Maximum Payload Violation'");
}

BOOST_AUTO_TEST_CASE(takes_lines_of_four_kibibytes_and_no_more) {
  RawNats orders = client("orders");
  orders.publish("evt.orders.inventory", "", "_INBOX_orders." + std::string(4000, 'x'));
  BOOST_TEST(last_words(orders) == "");

  orders.send("PUB evt.orders.inventory _INBOX_orders." + std::string(5000, 'x') + " 0\r\n\r\n");
  BOOST_TEST(last_words(orders) == "-ERR 'maximum control line exceeded'");
}

BOOST_AUTO_TEST_CASE(has_256_connections_and_no_more) {
  std::vector<std::unique_ptr<RawNats>> clients;
  while (clients.size() < 256) clients.push_back(std::make_unique<RawNats>(port(), files_of("users")));

  BOOST_CHECK_THROW(client("orders"), RawNats::Ended);
  clients.pop_back();
  BOOST_TEST(clients.back()->may_subscribe("rpc.users.>"));
}

BOOST_AUTO_TEST_CASE(has_1024_subscriptions_of_a_connection_and_no_more) {
  RawNats orders = client("orders");
  for (int i = 0; i < 1024; ++i) orders.subscribe("_INBOX_orders." + std::to_string(i));
  orders.flush();
  BOOST_TEST(orders.take_errors().empty());

  BOOST_TEST(!orders.may_subscribe("_INBOX_orders.1024"));
}

BOOST_AUTO_TEST_CASE(gives_up_who_does_not_read) {
  RawNats orders = client("orders");
  orders.subscribe("rpc.orders.>");
  orders.flush();
  RawNats gateway = client("gateway");
  for (int i = 0; i < 48; ++i) gateway.publish("rpc.orders.get_order.v1", std::string(payload_max, 'x'));
  gateway.flush();

  BOOST_TEST(orders.is_ended_within(10 * second));
  BOOST_TEST(client("orders").may_subscribe("rpc.orders.>"));
}

BOOST_AUTO_TEST_CASE(gives_up_who_does_not_say_who_it_is) {
  RawNats silent{port()};
  RawNats nameless{port()};
  nameless.start_tls(files_of("orders"));

  BOOST_TEST(silent.is_ended_within(10 * second));
  BOOST_TEST(nameless.is_ended_within(10 * second));
}

BOOST_AUTO_TEST_CASE(promises_no_more_of_the_disk_than_it_has) {
  RawNats admin = client("admin");
  admin.subscribe("_INBOX_admin.>");
  const auto make = [&](const std::string& bytes) {
    admin.publish(
        "$JS.API.STREAM.CREATE.EVT_test",
        R"({"name":"EVT_test","subjects":["evt.test.>"],"storage":"file","max_bytes":)" + bytes + "}",
        "_INBOX_admin.1");
    return admin.next_message().body;
  };
  BOOST_TEST(make("2000000000").find("insufficient storage resources") != std::string::npos);
  BOOST_TEST(make("1000000").find("\"did_create\":true") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
