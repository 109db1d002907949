#pragma once
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <filesystem>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "banyan/actor/system.hpp"
#include "banyan/message/call.hpp"
#include "banyan/module/instance.hpp"
#include "banyan/nats/jetstream.hpp"
#include "banyan/remote/bus.hpp"
#include "banyan/telemetry/log_sinks.hpp"
#include "banyan/testing/nats_server.hpp"
#include "banyan/testing/plain_signatures.hpp"
#include "banyan/testing/sample.hpp"
#include "banyan/testing/temporary_directory.hpp"
#include "banyan/testing/world.hpp"

/// Two modules that talk to each other over a real nats-server, each as in a process of its own.
namespace banyan::remote {

using message::Kind;
using namespace std::chrono_literals;

using Added = testing::Sample<"counter.added.v1", Kind::reply>;
using Add = testing::Sample<"counter.add.v1", Kind::command, Added>;
using Sum = testing::Sample<"counter.sum.v1", Kind::reply>;
using GetSum = testing::Sample<"counter.get_sum.v1", Kind::query, Sum>;
using Changed = testing::Sample<"counter.changed.v1", Kind::event>;
using Noted = testing::Sample<"mirror.noted.v1", Kind::reply>;
using Note = testing::Sample<"mirror.note.v1", Kind::command, Noted>;
using Seen = testing::Sample<"mirror.seen.v1", Kind::event>;

constexpr std::string_view counter_calls[] = {"counter.add.v1", "counter.get_sum.v1"};
constexpr std::string_view to_mirror[] = {"counter.changed.v1", "mirror.note.v1"};
constexpr std::string_view to_counter[] = {"mirror.seen.v1"};
constexpr message::Edge edges[] = {
    {.from = "counter", .to = "mirror", .calls = {}, .messages = to_mirror},
    {.from = "mirror", .to = "counter", .calls = counter_calls, .messages = to_counter},
    {.from = "gateway", .to = "counter", .calls = counter_calls, .messages = {}}};

inline std::span<const store::Migration> entries() {
  static constexpr store::Migration tables[] = {
      {.owner = "counting", .version = 1, .name = "entries", .sql = R"(
CREATE TABLE entry (n INTEGER PRIMARY KEY, type TEXT NOT NULL, number INTEGER NOT NULL) STRICT;)"}};
  return tables;
}

template <message::Message M>
Status write_down(Tx& tx, const M& message) {
  tx.execute("INSERT INTO entry (type, number) VALUES (?1, ?2)", M::descriptor().type, message.number);
  return success();
}

inline const std::vector<const message::Descriptor*>& all_messages() {
  static const std::vector<const message::Descriptor*> all{
      &Added::descriptor(),   &Add::descriptor(),   &Sum::descriptor(),  &GetSum::descriptor(),
      &Changed::descriptor(), &Noted::descriptor(), &Note::descriptor(), &Seen::descriptor()};
  return all;
}

/// Adds: publishes that, and has every tenth noted.
inline module::Module counter() {
  return module::Module{"counter", all_messages()}
      .handles<Add>([](Tx& tx, const Add& command, const Context&) -> Result<Added> {
        if (command.key == "refused") return Error{Errc::rejected, "counter.refused", "as asked"};
        static_cast<void>(write_down(tx, command));
        tx.publish(Changed{.key = command.key, .number = command.number});
        if (command.number % 10 == 0) tx.send(Note{.key = command.key, .number = command.number});
        return Added{.key = command.key, .number = command.number};
      })
      .answers<GetSum>([](View& view, const GetSum&, const Context&) -> Result<Sum> {
        return Sum{.number = *view.find<std::int64_t>(
                       "SELECT coalesce(sum(number), 0) FROM entry WHERE type = 'counter.add.v1'")};
      })
      .on<Seen>([](Tx& tx, const Seen& event, const Context&) { return write_down(tx, event); })
      .migrates(entries());
}

/// Writes down what it hears, and says so.
inline module::Module mirror() {
  return module::Module{"mirror", all_messages()}
      .on<Changed>([](Tx& tx, const Changed& event, const Context&) {
        tx.publish(Seen{.key = event.key, .number = event.number});
        return write_down(tx, event);
      })
      .handles<Note>([](Tx& tx, const Note& command, const Context&) -> Result<Noted> {
        static_cast<void>(write_down(tx, command));
        return Noted{.key = command.key, .number = command.number};
      })
      .migrates(entries());
}

/// Waits until `holds` does; false after a minute.
template <class F>
bool eventually(F holds) {
  for (int i = 0; i < 3000; ++i) {
    if (holds()) return true;
    std::this_thread::sleep_for(20ms);
  }
  return false;
}

/// The contracts that a process was built with.
struct Contracts {
  std::span<const message::Descriptor* const> messages = all_messages();
  std::span<const message::Edge> topology = edges;
};

/// The parts of a process.
struct Process {
  Process(const std::string& name, const std::string& url, BusOptions options = {},
          const Contracts& contracts = {}) {
    registry.add(contracts.messages);
    nats::ConnectionOptions connecting;
    connecting.name = name;
    connecting.url = url;
    connecting.inbox_prefix = "_INBOX_" + name;
    connecting.reconnect_min = 10ms;
    connecting.reconnect_max = 100ms;
    options.signer = [name](std::string_view statement) { return testing::sign_plainly(name, statement); };
    options.statement_verifier = testing::signer_of;
    connection = std::move(nats::Connection::open(connecting, clock, random, log)).value();
    bus = std::make_unique<Bus>(name, *connection, contracts.topology,
                                Environment{clock, random, registry, metrics, log}, std::move(options));
  }
  ~Process() { end(); }

  void end() {
    if (instance) instance->stop();
    bus->stop();
    connection->close();
  }

  SystemClock clock;
  SystemRandom random;
  IdSource ids{clock, random};
  NoFaults faults;
  message::Registry registry;
  telemetry::Registry metrics;
  telemetry::CapturedLog lines;
  telemetry::Log log{lines, clock, "test", telemetry::Level::info};
  actor::System actors{actor::System::Options{}};
  std::unique_ptr<nats::Connection> connection;
  std::unique_ptr<module::Instance> instance;
  std::unique_ptr<Bus> bus;
};

/// A module in a process.
struct Service : Process {
  Service(const module::Module& definition, const std::string& url, const std::string& directory,
          BusOptions options = {}, const Contracts& contracts = {})
      : Process(definition.name(), url, std::move(options), contracts) {
    module::InstanceOptions at = testing::World::default_instance();
    at.store.directory = directory + '/' + definition.name();
    at.pause = 100ms;
    instance = std::move(module::Instance::open(
                             definition, {actors, clock, random, ids, faults, registry, metrics, log}, at))
                   .value();
    BOOST_REQUIRE(bus->link(*instance, {}).ok());
    instance->start();
    bus->start();
  }
  ~Service() { end(); }

  /// The numbers that were written down of one type, in order.
  std::vector<std::int64_t> numbers(std::string_view type) {
    std::vector<std::int64_t> all;
    std::promise<void> done;
    instance->inspect(
        [&](View& view) {
          auto rows = view.query("SELECT number FROM entry WHERE type = ?1 ORDER BY n", type);
          while (rows.next()) all.push_back(rows.get<std::int64_t>(0));
        },
        [&](const Status&) { done.set_value(); });
    done.get_future().wait();
    return all;
  }
};

/// Asks and waits.
template <message::Message C>
Result<typename C::Answer> ask(message::Endpoint& endpoint, IdSource& ids, const Clock& clock, C question,
                               std::string source, Duration timeout = 5s) {
  std::promise<Result<typename C::Answer>> promise;
  message::CallOptions options;
  options.envelope.id = ids.next();
  options.envelope.source = std::move(source);
  options.envelope.time = clock.utc();
  options.envelope.deadline = clock.now() + timeout;
  message::call<typename C::Answer>(endpoint, std::move(question), options,
                                    [&](Result<typename C::Answer> answer) { promise.set_value(answer); });
  return promise.get_future().get();
}

/// Makes the streams and consumers, as the provisioner does, over a connection of its own.
class Provisioner {
 public:
  explicit Provisioner(const std::string& url) {
    nats::ConnectionOptions options;
    options.name = "admin";
    options.url = url;
    options.reconnect_min = 10ms;
    options.reconnect_max = 100ms;
    connection_ = std::move(nats::Connection::open(options, clock_, random_, log_)).value();
  }
  ~Provisioner() { connection_->close(); }

  void provide() {
    for (const auto& [producer, subscriber] :
         {std::pair{"counter", "mirror"}, std::pair{"mirror", "counter"}}) {
      nats::StreamConfig stream;
      stream.name = std::string{"EVT_"} + producer;
      stream.subjects = {std::string{"evt."} + producer + ".>"};
      stream.messages_per_subject_max = 4096;
      stream.bytes_max = 64 << 20;
      BOOST_REQUIRE(
          insist<nats::StreamInfo>([&](auto done) { create_stream(*connection_, stream, 2s, done); }));
      nats::ConsumerConfig consumer;
      consumer.name = {.stream = stream.name, .consumer = subscriber};
      consumer.filter = std::string{"evt."} + producer + '.' + subscriber;
      consumer.ack_wait = 5s;
      BOOST_REQUIRE(
          insist<nats::ConsumerInfo>([&](auto done) { create_consumer(*connection_, consumer, 2s, done); }));
    }
  }
  /// Makes anew what is ahead of its stream.
  void repair() {
    remove_consumers();
    provide();
  }
  void remove_consumers() {
    for (const auto& [producer, subscriber] :
         {std::pair{"counter", "mirror"}, std::pair{"mirror", "counter"}}) {
      const nats::ConsumerName name{.stream = std::string{"EVT_"} + producer, .consumer = subscriber};
      BOOST_REQUIRE(insist<Unit>([&, name](auto done) { delete_consumer(*connection_, name, 2s, done); }));
    }
  }

 private:
  template <class T, class F>
  bool insist(F request) {
    return eventually([&] {
      auto promise = std::make_shared<std::promise<bool>>();
      auto future = promise->get_future();
      request([promise](const Result<T>& result) { promise->set_value(result.ok()); });
      return future.get();
    });
  }

  SystemClock clock_;
  SystemRandom random_;
  telemetry::CapturedLog lines_;
  telemetry::Log log_{lines_, clock_, "admin", telemetry::Level::warning};
  std::unique_ptr<nats::Connection> connection_;
};

}  // namespace banyan::remote
