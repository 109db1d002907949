// Request and reply through nats-server with TLS on both sides, over our connection against bare cnats: one
// at a time, and with many in flight.
#include <nats/nats.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

#include "banyan/nats/connection.hpp"
#include "banyan/security/certificate.hpp"
#include "banyan/telemetry/log_sinks.hpp"
#include "banyan/testing/nats_server.hpp"
#include "banyan/testing/test_ca.hpp"
#include "bench.hpp"
#include "pipeline.hpp"

namespace {

using namespace banyan;
using Clock = std::chrono::steady_clock;

constexpr std::size_t in_flight = 256;
constexpr std::chrono::seconds timeout{10};
const std::string body(200, 'x');

std::string configuration(const testing::TestCa::Files& files) {
  return "tls { cert_file: \"" + files.certificate + "\", key_file: \"" + files.key + "\", ca_file: \"" +
         files.ca + "\", verify: true }";
}

double median_microseconds(std::vector<Clock::duration>& took) {
  const auto middle = took.begin() + static_cast<std::ptrdiff_t>(took.size() / 2);
  std::nth_element(took.begin(), middle, took.end());
  return std::chrono::duration<double, std::micro>{*middle}.count();
}

template <class Call>
double median_of(std::size_t count, Call call) {
  std::vector<Clock::duration> took;
  for (std::size_t i = 0; i < count; ++i) {
    const auto start = Clock::now();
    call();
    took.push_back(Clock::now() - start);
  }
  return median_microseconds(took);
}

/// A server and what its clients need to be let in.
struct Broker {
  testing::TestCa ca;
  testing::NatsServer server{configuration(ca.issue("nats"))};
  testing::TestCa::Files files = ca.issue("orders");
  std::string host = security::dns_name("nats");
};

class Ours {
 public:
  explicit Ours(const Broker& broker) : callee_(open(broker)), caller_(open(broker)) {
    const auto subscribed = callee_->subscribe("ours", "ours", [this](const nats::Message& request) {
      BANYAN_ASSERT(callee_->respond(request, {}, request.data).ok());
    });
    BANYAN_ASSERT(subscribed.ok());
    for (auto* connection : {callee_.get(), caller_.get()}) {
      while (connection->state() != nats::State::connected) std::this_thread::yield();
    }
    while (!call()) {
    }
  }

  double microseconds(std::size_t count) {
    return median_of(count, [this] { BANYAN_ASSERT(call()); });
  }

  double calls_per_second(std::size_t count) {
    const auto start = Clock::now();
    bench::run_pipelined(count, in_flight, [this](std::size_t, auto done) {
      caller_->request(subject_, {}, body, timeout, [done](const Result<nats::Message>& answer) {
        BANYAN_ASSERT(answer.ok());
        done();
      });
    });
    return bench::rate(count, start);
  }

 private:
  std::unique_ptr<nats::Connection> open(const Broker& broker) {
    nats::ConnectionOptions options;
    options.name = "bench";
    options.url = broker.server.url();
    options.tls = nats::TlsFiles{broker.files.ca, broker.files.certificate, broker.files.key};
    options.expected_host = broker.host;
    auto opened = nats::Connection::open(options, clock_, random_, log_);
    BANYAN_ASSERT(opened.ok());
    return std::move(opened).value();
  }

  bool call() {
    std::binary_semaphore answered{0};
    bool is_ok = false;
    caller_->request(subject_, {}, body, timeout, [&](const Result<nats::Message>& answer) {
      is_ok = answer.ok();
      answered.release();
    });
    answered.acquire();
    return is_ok;
  }

  SystemClock clock_;
  SystemRandom random_;
  telemetry::CapturedLog lines_;
  telemetry::Log log_{lines_, clock_, "bench", telemetry::Level::error};
  const nats::Subject subject_ = nats::Subject::of({"ours"}).value();
  std::unique_ptr<nats::Connection> callee_;
  std::unique_ptr<nats::Connection> caller_;
};

void succeed(natsStatus status) { BANYAN_ASSERT(status == NATS_OK); }

class Raw {
 public:
  Raw(const Broker& broker, bool sends_at_once)
      : subject_(sends_at_once ? "raw.at_once" : "raw.buffered"),
        callee_(open(broker, sends_at_once)),
        caller_(open(broker, sends_at_once)) {
    succeed(natsConnection_Subscribe(&echo_, callee_.get(), subject_, on_request, nullptr));
    succeed(natsConnection_Flush(callee_.get()));
  }
  ~Raw() {
    natsSubscription_Destroy(echo_);
    natsSubscription_Destroy(answers_);
  }
  Raw(const Raw&) = delete;
  Raw& operator=(const Raw&) = delete;

  double microseconds(std::size_t count) {
    return median_of(count, [this] {
      natsMsg* answer = nullptr;
      succeed(natsConnection_Request(&answer, caller_.get(), subject_, body.data(),
                                     static_cast<int>(body.size()), 10'000));
      natsMsg_Destroy(answer);
    });
  }

  double calls_per_second(std::size_t count) {
    begun_ = 0;
    open_ = count;
    total_ = count;
    succeed(natsConnection_Subscribe(&answers_, caller_.get(), "answers", on_answer, this));
    const auto start = Clock::now();
    for (std::size_t i = 0; i < std::min(in_flight, count); ++i) ask();
    all_.acquire();
    const double rate = bench::rate(count, start);
    natsSubscription_Destroy(std::exchange(answers_, nullptr));
    return rate;
  }

 private:
  struct Close {
    void operator()(natsConnection* connection) const { natsConnection_Destroy(connection); }
  };
  using Connection = std::unique_ptr<natsConnection, Close>;

  static Connection open(const Broker& broker, bool sends_at_once) {
    natsOptions* options = nullptr;
    succeed(natsOptions_Create(&options));
    succeed(natsOptions_SetURL(options, broker.server.url().c_str()));
    succeed(natsOptions_SetSecure(options, true));
    succeed(natsOptions_LoadCATrustedCertificates(options, broker.files.ca.c_str()));
    succeed(natsOptions_LoadCertificatesChain(options, broker.files.certificate.c_str(),
                                              broker.files.key.c_str()));
    succeed(natsOptions_SetExpectedHostname(options, broker.host.c_str()));
    succeed(natsOptions_SetSendAsap(options, sends_at_once));
    natsConnection* connection = nullptr;
    succeed(natsConnection_Connect(&connection, options));
    natsOptions_Destroy(options);
    return Connection{connection};
  }

  static void on_request(natsConnection* connection, natsSubscription*, natsMsg* request, void*) {
    succeed(natsConnection_Publish(connection, natsMsg_GetReply(request), natsMsg_GetData(request),
                                   natsMsg_GetDataLength(request)));
    natsMsg_Destroy(request);
  }

  static void on_answer(natsConnection*, natsSubscription*, natsMsg* answer, void* raw) {
    natsMsg_Destroy(answer);
    auto& self = *static_cast<Raw*>(raw);
    self.ask();
    if (--self.open_ == 0) self.all_.release();
  }

  void ask() {
    if (begun_++ >= total_) return;
    succeed(natsConnection_PublishRequest(caller_.get(), subject_, "answers", body.data(),
                                          static_cast<int>(body.size())));
  }

  const char* const subject_;
  Connection callee_;
  Connection caller_;
  natsSubscription* echo_ = nullptr;
  natsSubscription* answers_ = nullptr;
  std::size_t total_ = 0;
  std::atomic<std::size_t> begun_{0};
  std::atomic<std::size_t> open_{0};
  std::binary_semaphore all_{0};
};

}  // namespace

int main(int argc, char** argv) {
  const bench::Options options = bench::parse_options(argc, argv);
  const std::size_t single = options.pick(200, 10'000, 50'000);
  const std::size_t pipelined = options.pick(2'000, 200'000, 1'000'000);
  const Broker broker;
  Ours ours{broker};
  Raw raw_at_once{broker, true};
  Raw raw_buffered{broker, false};
  const auto latency = bench::compare(
      options, [&] { return ours.microseconds(single); }, [&] { return raw_at_once.microseconds(single); });
  bench::report("nats_call_p50", "us", latency, {1.8, bench::Target::Bound::at_most});
  const auto throughput = bench::compare(
      options, [&] { return ours.calls_per_second(pipelined); },
      [&] { return raw_buffered.calls_per_second(pipelined); });
  bench::report("nats_call_pipelined", "calls/s", throughput, {0.4});
}
