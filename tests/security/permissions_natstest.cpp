// Every pair of a process and a subject is allowed or refused as the contracts say.
#define BOOST_TEST_MODULE security_permissions
#include <boost/test/unit_test.hpp>
#include <map>
#include <memory>
#include <set>

#include "broker.hpp"
#include "shop/topology.hpp"

namespace {

using banyan::message::Edge;
using Subjects = std::set<std::string>;

const std::vector<std::string> modules{"inventory", "notifications", "orders",
                                       "payments",  "shipping",      "users"};

std::vector<std::string> everybody() {
  std::vector<std::string> all = modules;
  all.insert(all.end(), {"gateway", "ops"});
  return all;
}

std::string rpc(std::string_view type) { return "rpc." + std::string{type}; }

std::string between(std::string_view kind, std::string_view producer, std::string_view subscriber) {
  return std::string{kind} + "." + std::string{producer} + "." + std::string{subscriber};
}

std::string consumer(std::string_view producer, std::string_view subscriber) {
  return "EVT_" + std::string{producer} + "." + std::string{subscriber};
}

/// The messages that each may send, read from the contracts' edges and the table of docs/reference/nats.md.
std::map<std::string, Subjects> allowed_to_publish() {
  std::map<std::string, Subjects> allowed;
  for (const Edge& edge : shop::topology()) {
    Subjects& from = allowed[std::string{edge.from}];
    Subjects& to = allowed[std::string{edge.to}];
    for (const std::string_view type : edge.calls) from.insert(rpc(type));
    if (!edge.calls.empty()) to.insert("_INBOX_" + std::string{edge.from} + ".1");
    if (edge.messages.empty()) continue;
    from.insert(between("evt", edge.from, edge.to));
    from.insert("_INBOX_" + std::string{edge.to} + ".1");
    from.insert("$JS.API.STREAM.INFO.EVT_" + std::string{edge.from});
    to.insert(between("pos", edge.from, edge.to));
    to.insert("$JS.API.CONSUMER.MSG.NEXT." + consumer(edge.from, edge.to));
    to.insert("$JS.API.CONSUMER.INFO." + consumer(edge.from, edge.to));
    to.insert("$JS.ACK." + consumer(edge.from, edge.to) + ".1.1.1.1.0");
  }
  for (const std::string& module : modules) {
    allowed[module].insert("_INBOX_ops.1");
    allowed[module].insert({"own." + module + ".who", "own." + module + ".here"});
    allowed["ops"].insert("$JS.API.STREAM.INFO.EVT_" + module);
    allowed["ops"].insert("$JS.API.CONSUMER.LIST.EVT_" + module);
    allowed["ops"].insert("$JS.API.CONSUMER.NAMES.EVT_" + module);
    for (const std::string& other : modules) {
      allowed["ops"].insert("$JS.API.CONSUMER.INFO." + consumer(module, other));
    }
  }
  for (const auto* subject : {"$SRV.PING", "$SRV.INFO.orders", "$SRV.STATS", "$JS.API.INFO",
                              "$JS.API.STREAM.NAMES", "$JS.API.STREAM.LIST"}) {
    allowed["ops"].insert(subject);
  }
  return allowed;
}

void add_jetstream(Subjects& all, const std::string& stream) {
  for (const auto* verb :
       {"STREAM.CREATE", "STREAM.UPDATE", "STREAM.DELETE", "STREAM.INFO", "STREAM.PURGE", "STREAM.MSG.GET",
        "STREAM.MSG.DELETE", "STREAM.SNAPSHOT", "STREAM.RESTORE", "STREAM.PEER.REMOVE",
        "STREAM.LEADER.STEPDOWN", "DIRECT.GET", "CONSUMER.CREATE", "CONSUMER.NAMES", "CONSUMER.LIST"}) {
    all.insert("$JS.API." + std::string{verb} + "." + stream);
  }
}

void add_consumer(Subjects& all, const std::string& name) {
  for (const auto* verb : {"CONSUMER.CREATE", "CONSUMER.DURABLE.CREATE", "CONSUMER.DELETE", "CONSUMER.INFO",
                           "CONSUMER.MSG.NEXT", "CONSUMER.LEADER.STEPDOWN"}) {
    all.insert("$JS.API." + std::string{verb} + "." + name);
  }
  all.insert("$JS.ACK." + name + ".1.1.1.1.0");
}

/// Everything that somebody could want to send.
Subjects all_subjects() {
  Subjects all{"$JS.API.INFO",
               "$JS.API.STREAM.NAMES",
               "$JS.API.STREAM.LIST",
               "$JS.API.ACCOUNT.PURGE.CORE",
               "$JS.API.META.LEADER.STEPDOWN",
               "$JS.API.SERVER.REMOVE",
               "$SRV.PING",
               "$SRV.INFO.orders",
               "$SRV.STATS",
               "$SYS.REQ.SERVER.PING",
               "$SYS.REQ.ACCOUNT.CORE.CONNZ",
               "$SYS.ACCOUNT.ORDERS.CONNECT",
               "_INBOX.1",
               "_INBOX_admin.1",
               "_INBOX_sys.1",
               "_R_.1.1",
               "evt",
               "rpc",
               "evt.orders",
               "evt.orders.inventory.x",
               "rpc.orders.no_such_thing.v1",
               "anything"};
  for (const std::string& name : everybody()) all.insert("_INBOX_" + name + ".1");
  for (const Edge& edge : shop::topology()) {
    for (const std::string_view type : edge.calls) all.insert(rpc(type));
  }
  for (const std::string& module : modules) {
    all.insert(
        {"own." + module, "own." + module + ".who", "own." + module + ".here", "own." + module + ".a.b"});
    add_jetstream(all, "EVT_" + module);
    for (const std::string& other : modules) {
      all.insert(between("evt", module, other));
      all.insert(between("pos", module, other));
      add_consumer(all, consumer(module, other));
    }
  }
  return all;
}

std::map<std::string, Subjects> allowed_to_subscribe() {
  std::map<std::string, Subjects> allowed;
  for (const std::string& name : everybody())
    allowed[name] = {"_INBOX_" + name + ".>", "_INBOX_" + name + ".1"};
  for (const std::string& module : modules) {
    allowed[module].insert({"rpc." + module + ".>", "pos." + module + ".*", "$SRV.>", "$SRV.PING"});
    // A pattern's ">" passes for the one token of "*".
    allowed[module].insert({"pos." + module + ".>", "own." + module + ".>"});
    allowed[module].insert({"own." + module + ".*", "own." + module + ".who", "own." + module + ".here"});
  }
  return allowed;
}

Subjects all_patterns() {
  Subjects all{">",         "*",         "*.>",         "evt.>",          "rpc.>",       "pos.>",     "$JS.>",
               "$JS.API.>", "$JS.ACK.>", "$JS.EVENT.>", "$SYS.>",         "$SRV.>",      "$SRV.PING", "_R_.>",
               "_GR_.>",    "_INBOX.>",  "_INBOX_*.>",  "_INBOX_admin.>", "_INBOX_sys.>"};
  for (const std::string& name : everybody()) all.insert({"_INBOX_" + name + ".>", "_INBOX_" + name + ".1"});
  for (const std::string& module : modules) {
    all.insert({"own." + module + ".>", "own." + module + ".*", "own." + module + ".who",
                "own." + module + ".here", "own.*.here"});
    all.insert({"rpc." + module + ".>", "pos." + module + ".*", "pos." + module + ".>",
                "evt." + module + ".>", "evt.*." + module});
  }
  return all;
}

/// Counts, so that the message of a failure shows the pair.
struct Tally {
  int allowed = 0;
  int refused = 0;
};

template <class Try>
void check_pairs(const std::string& name, const Subjects& all, const Subjects& allowed, Try attempt,
                 Tally& tally) {
  for (const std::string& subject : all) {
    const bool is_let = attempt(subject);
    ++(is_let ? tally.allowed : tally.refused);
    BOOST_TEST_CONTEXT(name << " " << subject) { BOOST_TEST(is_let == allowed.contains(subject)); }
  }
}

/// Everybody, connected and listening to all that is its own.
struct Everybody : Broker {
  Everybody() {
    for (const std::string& name : everybody()) {
      auto joined = std::make_unique<RawNats>(port(), files_of(name));
      joined->subscribe("_INBOX_" + name + ".>");
      if (name != "gateway" && name != "ops") {
        for (const std::string& own :
             {"rpc." + name + ".>", "pos." + name + ".*", "own." + name + ".*", std::string{"$SRV.>"}}) {
          joined->subscribe(own);
        }
      }
      joined->flush();
      clients.emplace(name, std::move(joined));
    }
  }

  std::map<std::string, std::unique_ptr<RawNats>> clients;
};

}  // namespace

BOOST_AUTO_TEST_CASE(each_may_send_what_the_contracts_say_and_nothing_else) {
  const Broker broker;
  const auto allowed = allowed_to_publish();
  Tally tally;
  for (const std::string& name : everybody()) {
    RawNats client = broker.client(name);
    check_pairs(
        name, all_subjects(), allowed.at(name),
        [&](const std::string& subject) { return client.may_publish(subject); }, tally);
  }
  BOOST_TEST_MESSAGE("published: " << tally.allowed << " allowed, " << tally.refused << " refused");
  BOOST_TEST(tally.refused > 1000);
}

BOOST_AUTO_TEST_CASE(each_may_hear_what_is_its_own_and_nothing_else) {
  const Broker broker;
  const auto allowed = allowed_to_subscribe();
  Tally tally;
  for (const std::string& name : everybody()) {
    RawNats client = broker.client(name);
    check_pairs(
        name, all_patterns(), allowed.at(name),
        [&](const std::string& pattern) { return client.may_subscribe(pattern); }, tally);
  }
  BOOST_TEST_MESSAGE("subscribed: " << tally.allowed << " allowed, " << tally.refused << " refused");
  BOOST_TEST(tally.refused > 200);
}

BOOST_FIXTURE_TEST_CASE(what_is_sent_comes_to_the_one_who_is_meant_and_to_nobody_else, Everybody) {
  for (const Edge& edge : shop::topology()) {
    std::string sender{edge.from};
    std::string receiver{edge.to};
    Subjects subjects;
    for (const std::string_view type : edge.calls) subjects.insert(rpc(type));
    for (const std::string& subject : subjects) clients.at(sender)->publish(subject, "call", "_INBOX_x.1");
    clients.at(sender)->flush();
    for (auto& [name, client] : clients) {
      client->flush();
      const auto heard = client->take_messages();
      BOOST_TEST_CONTEXT(edge.from << " to " << edge.to << ", heard by " << name) {
        BOOST_TEST(heard.size() == (name == receiver ? subjects.size() : 0U));
        for (const auto& message : heard) BOOST_TEST(subjects.contains(message.subject));
      }
    }
  }
}

BOOST_FIXTURE_TEST_CASE(an_answer_comes_to_the_caller_and_to_nobody_else, Everybody) {
  for (const Edge& edge : shop::topology()) {
    if (edge.calls.empty()) continue;
    const std::string inbox = "_INBOX_" + std::string{edge.from} + ".secret";
    clients.at(std::string{edge.to})->publish(inbox, "answer");
    clients.at(std::string{edge.to})->flush();
    for (auto& [name, client] : clients) {
      client->flush();
      BOOST_TEST_CONTEXT(edge.to << " answers " << edge.from << ", heard by " << name) {
        BOOST_TEST(client->take_messages().size() == (name == edge.from ? 1U : 0U));
      }
    }
  }
}

BOOST_FIXTURE_TEST_CASE(a_position_comes_to_the_producer_and_to_nobody_else, Everybody) {
  for (const Edge& edge : shop::topology()) {
    if (edge.messages.empty()) continue;
    clients.at(std::string{edge.to})->publish(between("pos", edge.from, edge.to), "{}");
    clients.at(std::string{edge.to})->flush();
    for (auto& [name, client] : clients) {
      client->flush();
      BOOST_TEST_CONTEXT(edge.to << " reports to " << edge.from << ", heard by " << name) {
        BOOST_TEST(client->take_messages().size() == (name == edge.from ? 1U : 0U));
      }
    }
  }
}

BOOST_FIXTURE_TEST_CASE(a_card_comes_to_the_processes_of_its_module_and_to_nobody_else, Everybody) {
  for (const std::string& module : modules) {
    RawNats second = client(module);
    second.publish("own." + module + ".here", "card");
    second.flush();
    for (auto& [name, other] : clients) {
      other->flush();
      BOOST_TEST_CONTEXT(module << ", heard by " << name) {
        BOOST_TEST(other->take_messages().size() == (name == module ? 1U : 0U));
      }
    }
  }
}

BOOST_FIXTURE_TEST_CASE(tools_reach_every_module_and_hear_their_answers, Everybody) {
  clients.at("ops")->publish("$SRV.PING", "", "_INBOX_ops.7");
  clients.at("ops")->flush();
  for (const std::string& module : modules) {
    const auto question = clients.at(module)->next_message();
    BOOST_TEST(question.subject == "$SRV.PING");
    clients.at(module)->publish(question.reply, module);
    clients.at(module)->flush();
  }
  std::vector<std::string> answers;
  for (std::size_t i = 0; i < modules.size(); ++i) answers.push_back(clients.at("ops")->next_message().body);
  BOOST_TEST(answers == modules);
}

BOOST_AUTO_TEST_CASE(a_call_to_a_module_that_is_not_there_is_refused_at_once) {
  const Broker broker;
  RawNats gateway = broker.client("gateway");
  gateway.subscribe("_INBOX_gateway.>");
  gateway.publish("rpc.orders.get_order.v1", "", "_INBOX_gateway.1");
  BOOST_TEST(gateway.next_message().body.starts_with("NATS/1.0 503"));
}

BOOST_AUTO_TEST_CASE(a_question_to_jetstream_has_one_answer_also_after_a_reload) {
  Broker broker;
  broker.provision();
  RawNats orders = broker.client("orders");
  orders.subscribe("_INBOX_orders.>");
  const auto is_answered_well = [&] {
    orders.publish("$JS.API.STREAM.INFO.EVT_orders", "", "_INBOX_orders.1");
    BOOST_TEST(!orders.is_ended_within(100));  // All that comes in this time has been read.
    const auto answers = orders.take_messages();
    BOOST_TEST(answers.size() <= 1U);
    return answers.size() == 1 && answers[0].body.find("\"error\"") == std::string::npos;
  };
  BOOST_TEST(is_answered_well());

  RawNats shipping = broker.client("shipping");
  broker.reload(broker.configuration({"shipping"}));
  BOOST_TEST(shipping.is_ended_within(10'000));
  // While it reloads, the server has no JetStream for a moment.
  for (int i = 0; i < 100 && !is_answered_well(); ++i) continue;
  BOOST_TEST(is_answered_well());
}

BOOST_AUTO_TEST_CASE(of_two_processes_of_one_module_one_gets_each_call) {
  const Broker broker;
  RawNats gateway = broker.client("gateway");
  RawNats one = broker.client("orders");
  RawNats other = broker.client("orders");
  for (RawNats* orders : {&one, &other}) {
    orders->send("SUB rpc.orders.> orders 1\r\n");
    orders->flush();
  }
  for (int i = 0; i < 100; ++i) gateway.publish("rpc.orders.get_order.v1");
  gateway.flush();
  one.flush();
  other.flush();
  const std::size_t first = one.take_messages().size();
  const std::size_t second = other.take_messages().size();
  BOOST_TEST(first + second == 100U);
  BOOST_TEST(first > 0U);
  BOOST_TEST(second > 0U);
}
