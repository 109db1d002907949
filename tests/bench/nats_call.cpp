// Request and reply through nats-server with TLS on both sides, over our connection against bare cnats: one
// at a time, and with many in flight.
#include <memory>
#include <semaphore>
#include <string>

#include "pipeline.hpp"
#include "raw_calls.hpp"

namespace {

using namespace banyan;

constexpr std::chrono::seconds timeout{10};
const std::string body(200, 'x');

class Ours {
 public:
  explicit Ours(bench::Broker& broker) : callee_(broker.open("callee")), caller_(broker.open("caller")) {
    const auto subscribed = callee_->subscribe("ours", "ours", [this](const nats::Message& request) {
      BANYAN_ASSERT(callee_->respond(request, {}, request.data).ok());
    });
    BANYAN_ASSERT(subscribed.ok());
    while (!call()) {
    }
  }

  double microseconds(std::size_t count) {
    return bench::median_microseconds(count, [this] { BANYAN_ASSERT(call()); });
  }

  double calls_per_second(std::size_t count) {
    const auto start = std::chrono::steady_clock::now();
    bench::run_pipelined(count, bench::calls_in_flight, [this](std::size_t, auto done) {
      caller_->request(subject_, {}, body, timeout, [done](const Result<nats::Message>& answer) {
        BANYAN_ASSERT(answer.ok());
        done();
      });
    });
    return bench::rate(count, start);
  }

 private:
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

  const nats::Subject subject_ = nats::Subject::of({"ours"}).value();
  std::unique_ptr<nats::Connection> callee_;
  std::unique_ptr<nats::Connection> caller_;
};

}  // namespace

int main(int argc, char** argv) {
  const bench::Options options = bench::parse_options(argc, argv);
  const std::size_t single = options.pick(200, 10'000, 50'000);
  const std::size_t pipelined = options.pick(2'000, 200'000, 1'000'000);
  bench::Broker broker;
  Ours ours{broker};
  bench::RawCalls raw_at_once{broker, true};
  bench::RawCalls raw_buffered{broker, false};
  const auto latency = bench::compare(
      options, [&] { return ours.microseconds(single); }, [&] { return raw_at_once.microseconds(single); });
  bench::report("nats_call_p50", "us", latency, {1.8, bench::Target::Bound::at_most});
  const auto throughput = bench::compare(
      options, [&] { return ours.calls_per_second(pipelined); },
      [&] { return raw_buffered.calls_per_second(pipelined); });
  bench::report("nats_call_pipelined", "calls/s", throughput, {0.4});
}
