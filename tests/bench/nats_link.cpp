// The two halves of a link between processes, over mTLS: rows of an outbox into a stream against bare
// asynchronous publishing, and the stream into the subscriber's database and its acknowledgement against
// bare pulling.
#include <thread>

#include "balances.hpp"
#include "banyan/security/key_folder.hpp"
#include "banyan/security/statement.hpp"
#include "banyan/telemetry/names.hpp"
#include "banyan/testing/temporary_directory.hpp"
#include "bench.hpp"
#include "broker.hpp"
#include "pipeline.hpp"
#include "process.hpp"
#include "raw_stream.hpp"

namespace {

using namespace banyan;
using namespace bench;

constexpr std::size_t commands_in_flight = 1024;
constexpr std::string_view to_balances[] = {"ledger.entry_added.v1"};
constexpr message::Edge edges[] = {
    {.from = "ledger", .to = "balances", .calls = {}, .messages = to_balances}};

/// With what the ledger signs its rows, and with what others believe them.
class Keys {
 public:
  remote::BusOptions of_producer() {
    return {.signer = [this](std::string_view statement) { return signer_->sign(statement); }};
  }
  remote::BusOptions of_subscriber() {
    return {.statement_verifier = [this](std::string_view signature, std::string_view statement) {
      return verifier_->verify(signature, statement);
    }};
  }

 private:
  static security::KeyFolder keys_in(const std::string& folder) {
    security::KeyFolder keys{folder};
    BANYAN_ASSERT(keys.create("ledger").ok());
    return keys;
  }

  SystemClock clock_;
  const testing::TemporaryDirectory disk_;
  const security::KeyFolder keys_ = keys_in(disk_.path() + "/keys");
  const std::unique_ptr<security::StatementSigner> signer_ =
      expect(security::StatementSigner::open({.key_file = keys_.private_file("ledger")}, clock_));
  const std::unique_ptr<security::StatementVerifier> verifier_ =
      expect(security::StatementVerifier::open({.key_folder = keys_.public_folder()}, clock_));
};

template <class Holds>
void wait_until(Holds holds) {
  while (!holds()) std::this_thread::sleep_for(std::chrono::milliseconds{1});
}

/// A module whose outbox is full of events that nobody has had.
class Producer {
 public:
  Producer(Broker& broker, Keys& keys, std::size_t count)
      : count_(count), connection_(broker.open("ledger")) {
    // No subscriber gives back the messages under way.
    process_.instance_options().relay = {.credit = count};
    instance_ = process_.open(ledger::module());
    bus_ = std::make_unique<remote::Bus>("ledger", *connection_, edges, process_.lend(), keys.of_producer());
    BANYAN_ASSERT(bus_->link(*instance_, {}).ok());
    instance_->start();
    bus_->start();
    fill();
  }
  ~Producer() {
    instance_->stop();
    bus_->stop();
    connection_->close();
  }

  /// Rows a second, from the database into the stream. `begin` asks for all of them.
  template <class Begin>
  double relay(Begin begin) {
    const std::uint64_t before = published_.value();
    const auto start = std::chrono::steady_clock::now();
    begin();
    wait_until([&] { return published_.value() >= before + count_; });
    return rate(count_, start);
  }

 private:
  void fill() {
    run_pipelined(count_, commands_in_flight, [&](std::size_t number, auto done) {
      message::call<ledger::Recorded>(instance_->endpoint(),
                                      ledger::Record{"account-" + std::to_string(number % 1000),
                                                     static_cast<std::int64_t>(number), "a transfer"},
                                      process_.call_options(),
                                      [done](const Result<ledger::Recorded>& answered) {
                                        BANYAN_ASSERT(answered.ok());
                                        done();
                                      });
    });
  }

  const std::size_t count_;
  Process process_;
  std::unique_ptr<nats::Connection> connection_;
  std::unique_ptr<module::Instance> instance_;
  std::unique_ptr<remote::Bus> bus_;
  telemetry::Counter published_ = process_.lend().metrics.counter(
      telemetry::names::link_published, {{"producer", "ledger"}, {"subscriber", "balances"}});
};

/// Events a second, from the stream until they are in the database of a new subscriber and acknowledged.
double consume(Broker& broker, Keys& keys, std::size_t count) {
  Process process;
  process.knows(&ledger::EntryAdded::descriptor());
  const auto connection = broker.open("balances");
  const auto instance = process.open(balances::module());
  remote::Bus bus{"balances", *connection, edges, process.lend(), keys.of_subscriber()};
  BANYAN_ASSERT(bus.link(*instance, {}).ok());
  const auto start = std::chrono::steady_clock::now();
  instance->start();
  bus.start();
  wait_until([&] {
    const auto links = bus.health().links;
    return !links.empty() && links.front().confirmed == count;
  });
  const double consumed = rate(count, start);
  instance->stop();
  connection->close();
  return consumed;
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse_options(argc, argv);
  const std::size_t count = options.pick(2'000, 100'000, 500'000);
  Broker broker;
  Keys keys;
  RawStream evt{broker, "EVT_ledger", "evt.ledger.>"};
  {
    Producer producer{broker, keys, count};
    RawStream raw{broker, "RAW", "raw"};
    const auto relay = [&] {
      evt.purge();
      return producer.relay([&] { evt.ask_to_resume("pos.ledger.balances"); });
    };
    report("relay_to_stream", "messages/s", compare(options, relay, [&] { return raw.publish(count); }),
           {0.4});
  }
  evt.answer_reports("pos.ledger.balances");
  const auto from_stream = [&] {
    evt.provide_consumer("balances", "evt.ledger.balances");
    return consume(broker, keys, count);
  };
  const auto pull = [&] {
    evt.provide_consumer("raw", "evt.ledger.balances");
    return evt.pull("raw", count);
  };
  const auto figures = compare(options, from_stream, pull);
  constexpr double enough = 20'000;
  report("stream_to_inbox", "messages/s", figures, {std::min(0.3, enough / figures.baseline)});
}
