// Subjects as weapons: what a module asks the broker, or another module, to answer to a subject that it may
// not send to itself. Nothing of that may change a stream, a consumer, or what others hear.
#define BOOST_TEST_MODULE security_attacks
#include <boost/test/unit_test.hpp>
#include <map>

#include "banyan/json/parse.hpp"
#include "broker.hpp"
#include "shop/topology.hpp"

namespace {

using banyan::message::Edge;

/// The content of each stream, and its consumers, by name.
using State = std::map<std::string, std::string>;

/// Asks as the administrator.
class Administrator {
 public:
  explicit Administrator(const Broker& broker) : client_(broker.client("admin")) {
    client_.subscribe("_INBOX_admin.>");
  }

  State state() {
    State all;
    for (const Edge& edge : shop::topology()) {
      if (edge.messages.empty()) continue;
      const std::string stream = "EVT_" + std::string{edge.from};
      const std::string consumer = stream + "." + std::string{edge.to};
      all[stream] = content_of(ask("STREAM.INFO." + stream));
      all[consumer] =
          ask("CONSUMER.INFO." + consumer).find("\"error\"") == std::string::npos ? "there" : "gone";
    }
    return all;
  }

 private:
  std::string ask(const std::string& question) {
    client_.publish("$JS.API." + question, "", "_INBOX_admin.1");
    return client_.next_message().body;
  }

  static std::string content_of(const std::string& answer) {
    const auto document = banyan::json::parse(answer).value();
    const auto* state = document.find("state");
    if (state == nullptr) return "gone";
    std::string out;
    for (const auto* number : {"messages", "first_seq", "last_seq", "consumer_count"}) {
      out += std::to_string(*state->find(number)->if_a<std::int64_t>()) + " ";
    }
    return out;
  }

  RawNats client_;
};

/// Where an attacker would like an answer to go.
std::vector<std::string> targets() {
  std::vector<std::string> all{"$JS.API.ACCOUNT.PURGE.CORE", "$SYS.REQ.SERVER.PING", "_INBOX_admin.1"};
  for (const auto* module : {"orders", "payments"}) {
    const std::string stream = std::string{"EVT_"} + module;
    for (const auto* verb : {"STREAM.PURGE.", "STREAM.DELETE.", "STREAM.SNAPSHOT.", "STREAM.MSG.DELETE."}) {
      all.push_back("$JS.API." + std::string{verb} + stream);
    }
    all.push_back("$JS.API.CONSUMER.DELETE." + stream + ".notifications");
    all.push_back("$JS.ACK." + stream + ".notifications.1.1.1.1.0");
    all.push_back("evt." + std::string{module} + ".notifications");
    all.push_back("rpc." + std::string{module} + ".cancel_order.v1");
    all.push_back("pos." + std::string{module} + ".notifications");
    all.push_back("_INBOX_" + std::string{module} + ".1");
  }
  return all;
}

/// Otherwise nothing was tried. The server itself refuses an answer that would be an acknowledgement.
void check_that_it_was_let(RawNats& attacker) {
  for (const std::string& error : attacker.take_errors()) {
    BOOST_TEST(error.starts_with("-ERR 'Permissions Violation for Publish with Reply of \"$JS.ACK."));
  }
}

struct Provisioned : Broker {
  Provisioned() {
    provision();
    for (const auto& [producer, subscriber] : {std::pair{"orders", "notifications"},
                                               {"orders", "inventory"},
                                               {"payments", "notifications"},
                                               {"inventory", "orders"}}) {
      RawNats client{port(), files_of(producer)};
      client.subscribe("_INBOX_" + std::string{producer} + ".>");
      for (int i = 0; i < 3; ++i) {
        client.publish("evt." + std::string{producer} + "." + subscriber, "true",
                       "_INBOX_" + std::string{producer} + ".1");
        client.next_message();
      }
    }
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(an_answer_of_the_broker, Provisioned)

BOOST_AUTO_TEST_CASE(has_no_effect_on_the_subject_that_a_subscriber_names_for_it) {
  Administrator administrator{*this};
  RawNats victim = client("orders");
  for (const auto* own : {"rpc.orders.>", "pos.orders.*", "_INBOX_orders.>"}) victim.subscribe(own);
  const State before = administrator.state();

  RawNats attacker = client("inventory");
  const std::string consumer = "EVT_orders.inventory";
  for (const std::string& target : targets()) {
    attacker.publish("$JS.API.CONSUMER.MSG.NEXT." + consumer, "{\"batch\":1,\"no_wait\":true}", target);
    attacker.publish("$JS.API.CONSUMER.MSG.NEXT." + consumer, "{\"batch\":9,\"no_wait\":true}", target);
    attacker.publish("$JS.API.CONSUMER.MSG.NEXT." + consumer, "no json", target);
    attacker.publish("$JS.API.CONSUMER.INFO." + consumer, "", target);
    attacker.publish("$JS.ACK." + consumer + ".1.1.1.1.0", "+NXT", target);
    attacker.publish("$JS.ACK." + consumer + ".1.1.1.1.0", "+ACK", target);
    attacker.publish("pos.orders.inventory", "{}", target);
    attacker.flush();
  }
  check_that_it_was_let(attacker);

  BOOST_TEST((administrator.state() == before));
  victim.flush();
  for (const auto& heard : victim.take_messages()) BOOST_TEST(heard.subject == "pos.orders.inventory");
}

BOOST_AUTO_TEST_CASE(has_no_effect_beyond_a_producers_own_stream_wherever_it_wants_it) {
  Administrator administrator{*this};
  State before = administrator.state();
  RawNats attacker = client("payments");
  for (const std::string& target : targets()) {
    attacker.publish("evt.payments.notifications", "mine", target);
    attacker.publish("$JS.API.STREAM.INFO.EVT_payments", "", target);
    attacker.flush();
  }
  check_that_it_was_let(attacker);

  State after = administrator.state();
  BOOST_TEST(after.at("EVT_payments") != before.at("EVT_payments"));
  for (State* state : {&before, &after}) state->erase("EVT_payments");
  BOOST_TEST((after == before));
}

BOOST_AUTO_TEST_CASE(has_no_effect_on_the_subject_that_a_tool_names_for_it) {
  Administrator administrator{*this};
  const State before = administrator.state();
  RawNats attacker = client("ops");
  for (const std::string& target : targets()) {
    for (const auto* question : {"INFO", "STREAM.NAMES", "STREAM.LIST", "STREAM.INFO.EVT_orders",
                                 "CONSUMER.LIST.EVT_orders", "CONSUMER.INFO.EVT_orders.inventory"}) {
      attacker.publish("$JS.API." + std::string{question}, "", target);
    }
    attacker.publish("$SRV.PING", "", target);
    attacker.flush();
  }
  check_that_it_was_let(attacker);
  BOOST_TEST((administrator.state() == before));
}

BOOST_AUTO_TEST_SUITE_END()
