#define BOOST_TEST_MODULE fault_deliveries
#include <fstream>
#include <future>
#include <thread>

#include "banyan/nats/jetstream.hpp"
#include "banyan/security/credential_folder.hpp"
#include "banyan/telemetry/log_sinks.hpp"
#include "trial.hpp"

using namespace fault;
using namespace std::chrono_literals;
namespace nats = banyan::nats;

namespace {

/// The administrator of the shop's broker.
class Administrator {
 public:
  explicit Administrator(const std::string& data_directory) {
    const banyan::security::CredentialFolder pki{data_directory + "/pki"};
    auto opened = nats::Connection::open(
        {.name = "test",
         .url = url_in(data_directory + "/nats.conf"),
         .tls = nats::TlsFiles{pki.authority_file(), pki.file_of("admin"), pki.file_of("admin")},
         .expected_host = banyan::security::dns_name("nats"),
         .inbox_prefix = "_INBOX_admin"},
        clock_, random_, log_);
    connection_ = std::move(opened).value();
    while (connection_->state() != nats::State::connected) std::this_thread::sleep_for(1ms);
  }

  bool remove_consumer(const nats::ConsumerName& consumer) {
    return is_done([&](auto done) { nats::delete_consumer(*connection_, consumer, 5s, done); });
  }
  bool remove_stream(const std::string& stream) {
    return is_done([&](auto done) { nats::delete_stream(*connection_, stream, 5s, done); });
  }

 private:
  template <class Begin>
  static bool is_done(Begin begin) {
    std::promise<bool> outcome;
    begin([&](const auto& answer) { outcome.set_value(answer.ok()); });
    return outcome.get_future().get();
  }
  static std::string url_in(const std::string& configuration);

  banyan::SystemClock clock_;
  banyan::SystemRandom random_;
  std::unique_ptr<banyan::telemetry::AsyncLogSink> sink_ = banyan::telemetry::AsyncLogSink::open({}).value();
  banyan::telemetry::Log log_{*sink_, clock_, "test", banyan::telemetry::Level::error};
  std::unique_ptr<nats::Connection> connection_;
};

// The line "listen: 127.0.0.1:4222", with or without quotes.
std::string Administrator::url_in(const std::string& configuration) {
  std::ifstream file{configuration};
  for (std::string word; file >> word;) {
    if (word != "listen:") continue;
    file >> word;
    std::erase(word, '"');
    return "nats://" + word;
  }
  throw std::runtime_error("no address in " + configuration);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(deliveries, acceptance::Northwind)

// The provisioner makes a consumer that is gone anew, and it begins with the stream's first message: what was
// handled long ago comes once more, behind what has come since.
BOOST_AUTO_TEST_CASE(that_come_once_more_and_out_of_order_have_no_effect) {
  if (is_missing()) return;
  Trial trial{first_orders(stream(), 400)};
  Administrator administrator{trial.shop().data_directory()};
  trial.begin();
  for (const char* subscriber : {"payments", "inventory", "shipping", "notifications"}) {
    trial.wait_until_settled(trial.settled() + 60);
    BOOST_TEST(administrator.remove_consumer({.stream = "EVT_orders", .consumer = subscriber}));
  }
  for (const char* producer : {"payments", "inventory", "shipping"}) {
    BOOST_TEST(
        administrator.remove_consumer({.stream = std::string{"EVT_"} + producer, .consumer = "orders"}));
  }
  BOOST_TEST(trial.is_busy());
  trial.finish();
  BOOST_TEST(trial.counted("banyan_link_dropped_total") > 0);
  trial.audit();
}

// Nobody's connection is lost meanwhile: a producer finds out by where its next message would come to lie.
BOOST_AUTO_TEST_CASE(that_were_taken_and_are_lost_are_made_once_more) {
  if (is_missing()) return;
  Trial trial{first_orders(stream(), 400)};
  Administrator administrator{trial.shop().data_directory()};
  trial.begin();
  for (const char* producer : {"orders", "payments"}) {
    trial.wait_until_settled(trial.settled() + 60);
    BOOST_TEST(administrator.remove_stream(std::string{"EVT_"} + producer));
  }
  BOOST_TEST(trial.is_busy());
  trial.finish();
  BOOST_TEST(trial.counted("banyan_stream_resyncs_total") > 0);
  trial.audit();
}

BOOST_AUTO_TEST_SUITE_END()
