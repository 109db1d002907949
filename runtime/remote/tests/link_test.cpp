#define BOOST_TEST_MODULE remote_link
#include <boost/test/unit_test.hpp>

#include <array>
#include <deque>
#include <functional>

#include "banyan/delivery/relay.hpp"
#include "banyan/telemetry/log_sinks.hpp"
#include "banyan/testing/seeded_random.hpp"
#include "incoming.hpp"
#include "messages.hpp"
#include "stream_publisher.hpp"

using namespace banyan;
using namespace banyan::remote;

namespace {

const Uuid epoch = test_id(200);
/// Of the broker's consumer: four times the credit of the link.
constexpr std::size_t unacknowledged_max = 256;

/// One in how many times each thing goes wrong; 0: never.
struct Faults {
  int request_lost = 0;
  int answer_lost = 0;
  int report_lost = 0;
  int delivery_lost = 0;
  int delivery_repeated = 0;
  int delivery_late = 0;
  int writer_forgets = 0;
  int writer_rewound = 0;
  int disconnected = 0;
  int rolled_back = 0;
  int forged = 0;
};

/// A subscriber's writer: keeps what it commits, forgets what it has not.
class Writer final : public delivery::Subscriber {
 public:
  void deliver(delivery::Batch batch) override {
    if (batch.after > current_.seq || (current_.seq > 0 && batch.epoch != current_.epoch)) {
      return publisher->resume("mirror", kept);
    }
    for (const delivery::Delivery& delivery : batch.deliveries) {
      if (delivery.seq <= current_.seq) continue;
      current_ = {.epoch = batch.epoch, .seq = delivery.seq, .hash = delivery.hash};
      handled_.push_back(delivery.seq);
    }
  }
  void commit() {
    if (current_ == kept) return;
    kept = current_;
    committed.insert(committed.end(), handled_.begin(), handled_.end());
    handled_.clear();
    publisher->confirm("mirror", kept.seq);
  }
  void forget() {
    current_ = kept;
    handled_.clear();
    publisher->resume("mirror", kept);
  }

  /// To some row that it has, from which it does all again.
  void rewind(std::size_t rows) {
    commit();
    committed.resize(rows);
    const std::uint64_t last = rows == 0 ? 0 : committed.back();
    kept = current_ = {
        .epoch = kept.epoch, .seq = last, .hash = rows == 0 ? delivery::ChainHash{} : hash_of(last)};
    publisher->confirm("mirror", last);
    publisher->resume("mirror", kept);
  }

  delivery::Publisher* publisher = nullptr;
  delivery::Position kept;
  std::vector<std::uint64_t> committed;

 private:
  delivery::Position current_;
  std::vector<std::uint64_t> handled_;
};

/// A producer with a real relay, a broker that is not to be trusted, and a subscriber. Whatever goes from one
/// to the other waits in a channel; which channel moves next is up to chance.
class Simulation final : StreamPort, IncomingPort, delivery::Publisher {
 public:
  Simulation(std::uint64_t seed, Faults faults)
      : random_(seed), faults_(faults), log_(sink_, clock_, "test", telemetry::Level::off) {
    writer_.publisher = this;
    sender_.owner = this;
    relay_.subscribe({.subscriber = "mirror", .events = {&Changed::descriptor()}}, sender_);
    publisher_.add_link("mirror", metrics_);
    publisher_.connected();
    resume("mirror", {});
  }

  void write(std::uint64_t rows) {
    const std::uint64_t first = rows_.size() + 1;
    for (std::uint64_t seq = first; seq < first + rows; ++seq) {
      const bool is_of_interest = seq % 3 != 0;
      rows_.push_back(is_of_interest ? changed(seq) : row(seq, Removed{.key = "k"}));
      if (is_of_interest) expected.push_back(seq);
    }
    relay_.committed(std::span{rows_}.subspan(first - 1));
  }
  void run(int steps) {
    for (int i = 0; i < steps; ++i) step();
  }
  /// Nothing goes wrong any more.
  void heal() {
    faults_ = {};
    if (!is_connected_) reconnect();
  }
  std::vector<std::uint64_t>& arrived() { return writer_.committed; }
  const LinkMetrics& metrics() const { return metrics_; }

  std::vector<std::uint64_t> expected;

 private:
  struct Sender final : delivery::Subscriber {
    void deliver(delivery::Batch batch) override {
      std::vector<Encoded> messages;
      std::uint64_t after = batch.after;
      for (const auto& delivery : batch.deliveries) {
        messages.push_back(encode(delivery, batch.epoch, std::exchange(after, delivery.seq), moment));
      }
      owner->channels_[from_relay].push_back(
          [this, batch, messages] { owner->publisher_.publish(0, batch.epoch, batch.after, messages); });
    }
    Simulation* owner = nullptr;
  };
  struct Stored {
    nats::Message message;
    std::uint64_t sequence;
  };
  enum Channel {
    to_broker,
    to_producer,
    from_relay,
    to_relay,
    from_writer,
    reports,
    deliveries,
    channel_count
  };

  bool happens(int one_in) { return one_in > 0 && chance(static_cast<std::uint64_t>(one_in)) == 0; }
  std::uint64_t chance(std::uint64_t below) { return random_.next() % below; }

  void step() {
    clock_.advance(10ms);
    publisher_.tick();
    incoming_.tick();
    if (is_connected_ && happens(faults_.disconnected)) disconnect();
    if (!is_connected_ && chance(20) == 0) reconnect();
    if (happens(faults_.rolled_back)) roll_back();
    if (happens(faults_.forged)) forge();
    pull();
    for (int i = 0; i < 6; ++i) {
      auto& channel = channels_[chance(channel_count)];
      if (channel.empty()) continue;
      const auto work = std::move(channel.front());
      channel.pop_front();
      work();
    }
    if (chance(3) == 0) incoming_.paused();
    if (happens(faults_.writer_forgets)) writer_.forget();
    if (happens(faults_.writer_rewound)) writer_.rewind(chance(writer_.committed.size() + 1));
    if (chance(4) == 0) writer_.commit();
  }

  void disconnect() {
    is_connected_ = false;
    for (const Channel channel : {to_broker, to_producer, reports, deliveries}) channels_[channel].clear();
    publisher_.disconnected();
    consumer_ = acknowledged_;  // what was under way is handed out again
  }
  void reconnect() {
    is_connected_ = true;
    publisher_.connected();
    incoming_.connected();
  }
  // The broker comes back with an older state; the consumer is made anew.
  void roll_back() {
    stream_.resize(stream_.size() - chance(stream_.size() + 1));
    acknowledged_ = consumer_ = 0;
    consumer_sequence_ = 0;
  }
  void forge() {
    Stored forged{.message = message_of(encode(changed(1 + chance(rows_.size() + 5)), epoch, 0, moment)),
                  .sequence = stream_.size() + 1};
    forged.message.headers = replaced(forged.message.headers, "Banyan-Row", {});
    stream_.push_back(std::move(forged));
  }

  void pull() {
    if (!is_connected_ || consumer_ >= stream_.size() || chance(2) == 0) return;
    if (consumer_ - acknowledged_ >= unacknowledged_max) return;
    const Stored stored = stream_[consumer_++];
    if (happens(faults_.delivery_lost)) return;
    const int copies = happens(faults_.delivery_repeated) ? 2 : 1;
    for (int i = 0; i < copies; ++i) {
      Place place{.stream_sequence = stored.sequence,
                  .consumer_sequence = ++consumer_sequence_,
                  .reply = std::to_string(stored.sequence)};
      auto& channel = channels_[deliveries];
      const bool is_late = happens(faults_.delivery_late) && !channel.empty();
      channel.insert(is_late ? channel.begin() : channel.end(),
                     [this, place, message = stored.message] { take(place, message); });
    }
  }
  void take(const Place& place, const nats::Message& message) {
    auto decoded = decode(message, mirror_rules(), moment);
    if (decoded.ok()) {
      incoming_.arrived(place, std::move(decoded).value());
    } else {
      incoming_.refused(place);
    }
  }

  void store(const Ticket& ticket, std::string, Encoded message) override {
    channels_[to_broker].push_back([this, ticket, message] {
      if (happens(faults_.request_lost))
        return answer(ticket, Error{Errc::deadline_exceeded, "nats.timeout"});
      if (ticket.expected != stream_.size()) {
        return answer(ticket, Error{Errc::conflict, "nats.wrong_last_sequence"});
      }
      stream_.push_back({message_of(message), stream_.size() + 1});
      if (happens(faults_.answer_lost)) return answer(ticket, Error{Errc::deadline_exceeded, "nats.timeout"});
      answer(ticket, nats::PubAck{.stream = "EVT_counter", .sequence = stream_.size()});
    });
  }
  void answer(const Ticket& ticket, Result<nats::PubAck> ack) {
    channels_[to_producer].push_back([this, ticket, ack] { publisher_.stored(ticket, ack); });
  }
  void find(std::uint64_t attempt) override {
    channels_[to_broker].push_back([this, attempt] {
      const bool is_lost = happens(faults_.answer_lost);
      Result<std::uint64_t> last = is_lost ? Result<std::uint64_t>{Error{Errc::unavailable, "nats.timeout"}}
                                           : Result<std::uint64_t>{stream_.size()};
      channels_[to_producer].push_back([this, attempt, last] { publisher_.found(attempt, last); });
    });
  }
  void resume(std::size_t, const delivery::Position& position) override {
    channels_[to_relay].push_back([this, position] { relay_.resume("mirror", position); });
  }
  void confirm(std::size_t, std::uint64_t seq) override {
    channels_[to_relay].push_back([this, seq] { relay_.confirm("mirror", seq); });
  }

  void invite(std::size_t) override {
    if (is_connected_ && !happens(faults_.report_lost)) {
      channels_[to_broker].push_back([this] { incoming_.invited(); });
    }
  }

  void deliver(delivery::Batch batch) override { writer_.deliver(std::move(batch)); }
  void report(const Report& report, std::uint64_t wish) override {
    if (!is_connected_ || happens(faults_.report_lost)) return;
    channels_[reports].push_back([this, report, wish] {
      publisher_.reported(0, parse_report(to_json(report)).value());
      if (!happens(faults_.report_lost)) incoming_.heard(wish);
    });
  }
  void acknowledge(const std::string& reply) override {
    acknowledged_ = std::min<std::size_t>(std::max<std::size_t>(acknowledged_, std::stoul(reply)), consumer_);
  }

  void resume(const std::string&, const delivery::Position& position) override {
    channels_[from_writer].push_back([this, position] { incoming_.resume(position); });
  }
  void confirm(const std::string&, std::uint64_t seq) override {
    channels_[from_writer].push_back([this, seq] { incoming_.confirm(seq); });
  }
  bool is_flowing(const std::string&) const override { return true; }
  const message::Descriptor* find_type(std::string_view) const override { return nullptr; }

  testing::SeededRandom random_;
  Faults faults_;
  testing::ManualClock clock_;
  telemetry::CapturedLog sink_;
  telemetry::Log log_;
  telemetry::Registry registry_;
  LinkMetrics metrics_{registry_, "counter", "mirror"};

  std::vector<delivery::Delivery> rows_;
  Sender sender_;
  delivery::Relay relay_{
      "counter",
      {.credit = 64, .window_max = 100, .page = {.rows = 16}},
      {.read =
           [this](std::uint64_t after, const delivery::PageLimits& limits) {
             const auto end = std::min(rows_.size(), after + static_cast<std::size_t>(limits.rows));
             return std::vector<delivery::Delivery>{rows_.begin() + static_cast<std::ptrdiff_t>(after),
                                                    rows_.begin() + static_cast<std::ptrdiff_t>(end)};
           },
       .known = [](const std::string&, std::uint64_t seq) -> Result<delivery::Known> {
         return delivery::Known{.hash = hash_of(seq)};
       }},
      {.epoch = epoch}};
  StreamPublisher publisher_{
      "counter", {.window = 16},
      clock_,    random_,
      log_,      registry_.counter(telemetry::names::stream_resyncs, {{"producer", "counter"}}),
      *this};
  Incoming incoming_{"counter", "mirror", {.batch_max = 8, .report_rows = 16}, clock_, metrics_, *this};
  Writer writer_;

  bool is_connected_ = true;
  std::vector<Stored> stream_;
  std::size_t consumer_ = 0;
  std::size_t acknowledged_ = 0;
  std::uint64_t consumer_sequence_ = 0;
  std::array<std::deque<std::function<void()>>, channel_count> channels_;
};

/// Rows are written while things go wrong, then they stop to: what has arrived, and what was to.
void check_that_all_arrive_once(Faults faults, int seeds = 20) {
  for (std::uint64_t seed = 1; seed <= static_cast<std::uint64_t>(seeds); ++seed) {
    Simulation simulation{seed, faults};
    for (int i = 0; i < 40; ++i) {
      simulation.write(10);
      simulation.run(100);
    }
    simulation.heal();
    for (int i = 0; i < 100 && simulation.arrived() != simulation.expected; ++i) simulation.run(100);
    BOOST_TEST_CONTEXT("seed " << seed) {
      BOOST_TEST(simulation.arrived() == simulation.expected, boost::test_tools::per_element());
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(every_row_of_interest_arrives_once_and_in_order)

BOOST_AUTO_TEST_CASE(when_nothing_goes_wrong_and_then_nothing_is_sent_twice) {
  Simulation simulation{1, {}};
  for (int i = 0; i < 40; ++i) {
    simulation.write(10);
    simulation.run(100);
  }
  simulation.run(2000);
  BOOST_TEST(simulation.arrived() == simulation.expected, boost::test_tools::per_element());
  BOOST_TEST(simulation.metrics().dropped.value() == 0U);
}

BOOST_AUTO_TEST_CASE(when_requests_to_the_broker_or_its_answers_are_lost) {
  check_that_all_arrive_once({.request_lost = 30});
  check_that_all_arrive_once({.answer_lost = 30});
}

BOOST_AUTO_TEST_CASE(when_deliveries_are_lost_repeated_or_late) {
  check_that_all_arrive_once({.delivery_lost = 20});
  check_that_all_arrive_once({.delivery_repeated = 5});
  check_that_all_arrive_once({.delivery_late = 10});
}

BOOST_AUTO_TEST_CASE(when_reports_are_lost) { check_that_all_arrive_once({.report_lost = 2}); }

BOOST_AUTO_TEST_CASE(when_the_subscriber_loses_what_it_has_not_committed) {
  check_that_all_arrive_once({.writer_forgets = 50});
}

BOOST_AUTO_TEST_CASE(when_the_subscriber_is_rewound) { check_that_all_arrive_once({.writer_rewound = 500}); }

BOOST_AUTO_TEST_CASE(when_the_connection_is_lost_again_and_again) {
  check_that_all_arrive_once({.disconnected = 200});
}

BOOST_AUTO_TEST_CASE(when_the_stream_is_rolled_back) { check_that_all_arrive_once({.rolled_back = 300}); }

BOOST_AUTO_TEST_CASE(when_somebody_else_writes_to_the_stream) { check_that_all_arrive_once({.forged = 100}); }

BOOST_AUTO_TEST_CASE(when_everything_goes_wrong_at_once) {
  check_that_all_arrive_once({.request_lost = 100,
                              .answer_lost = 100,
                              .report_lost = 10,
                              .delivery_lost = 50,
                              .delivery_repeated = 20,
                              .delivery_late = 50,
                              .writer_forgets = 300,
                              .writer_rewound = 2000,
                              .disconnected = 700,
                              .rolled_back = 1000,
                              .forged = 500},
                             60);
}

BOOST_AUTO_TEST_SUITE_END()
