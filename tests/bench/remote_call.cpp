// A typed call to a module in another process, from the caller's endpoint to the callee's and back: encoded,
// with its context and a token in headers, checked against the contract at both ends, over mTLS. Against bare
// cnats.
#include <memory>
#include <semaphore>

#include "banyan/security/key_folder.hpp"
#include "banyan/testing/sample.hpp"
#include "client.hpp"
#include "pipeline.hpp"
#include "process.hpp"
#include "raw_calls.hpp"
#include "server.hpp"
#include "service_account.hpp"

namespace {

using namespace banyan;

using Answer = testing::Sample<"echo.answer.v1", message::Kind::reply>;
using Question = testing::Sample<"echo.question.v1", message::Kind::query, Answer>;

constexpr std::string_view calls[] = {"echo.question.v1"};
constexpr message::Edge edges[] = {{.from = "bench", .to = "echo", .calls = calls, .messages = {}}};
const std::string text(150, 'x');  // makes the body as long as the bare one

/// Answers where it is asked.
class Echo final : public message::Endpoint {
 public:
  void submit(message::Request request) override {
    const auto& question = request.parcel->payload.as<Question>();
    request.reply(message::Payload::of(Answer{question.key, question.number, question.text}));
  }
};

/// The keys of all service accounts.
class Keys {
 public:
  Keys() {
    for (const char* name : {"bench", "echo"}) BANYAN_ASSERT(keys_.create(name).ok());
  }
  std::unique_ptr<host::ServiceAccount> open(const std::string& name) {
    auto account = host::ServiceAccount::open(name, folder_, clock_, random_);
    BANYAN_ASSERT(account.ok());
    return std::move(account).value();
  }

 private:
  SystemClock clock_;
  SystemRandom random_;
  const testing::TemporaryDirectory disk_;
  const std::string folder_ = disk_.path() + "/keys";
  security::KeyFolder keys_{folder_};
};

class Ours {
 public:
  explicit Ours(bench::Broker& broker)
      : callee_(broker.open("echo")),
        caller_(broker.open("bench")),
        server_("echo", echo_, *callee_, process_.lend(), options_),
        client_("bench", "echo", edges, *caller_, process_.lend(), options_) {
    server_.allow("bench", Question::descriptor());
    server_.start();
    while (!call()) {
    }
  }
  ~Ours() {
    caller_->close();
    callee_->close();
  }

  double microseconds(std::size_t count) {
    return bench::median_microseconds(count, [this] { BANYAN_ASSERT(call()); });
  }

  double calls_per_second(std::size_t count) {
    const auto start = std::chrono::steady_clock::now();
    bench::run_pipelined(count, bench::calls_in_flight, [this](std::size_t, auto done) {
      ask([done](const Result<Answer>& answer) {
        BANYAN_ASSERT(answer.ok());
        done();
      });
    });
    return bench::rate(count, start);
  }

 private:
  template <class Done>
  void ask(Done done) {
    message::call<Answer>(client_, Question{.key = "k", .number = 1, .text = text}, process_.call_options(),
                          done);
  }

  bool call() {
    std::binary_semaphore answered{0};
    bool is_ok = false;
    ask([&](const Result<Answer>& answer) {
      is_ok = answer.ok();
      answered.release();
    });
    answered.acquire();
    return is_ok;
  }

  bench::Process process_;
  Keys keys_;
  const std::unique_ptr<host::ServiceAccount> caller_account_ = keys_.open("bench");
  const std::unique_ptr<host::ServiceAccount> callee_account_ = keys_.open("echo");
  const remote::BusOptions options_{
      .credentials = [this](std::string_view callee) { return caller_account_->authorization_for(callee); },
      .verifier =
          [this](std::string_view authorization) { return callee_account_->caller_of(authorization); }};
  Echo echo_;
  std::unique_ptr<nats::Connection> callee_;
  std::unique_ptr<nats::Connection> caller_;
  remote::Server server_;
  remote::Client client_;
};

}  // namespace

int main(int argc, char** argv) {
  const bench::Options options = bench::parse_options(argc, argv);
  const std::size_t single = options.pick(200, 10'000, 50'000);
  const std::size_t pipelined = options.pick(2'000, 100'000, 500'000);
  bench::Broker broker;
  Ours ours{broker};
  bench::RawCalls raw_at_once{broker, true};
  bench::RawCalls raw_buffered{broker, false};
  const auto latency = bench::compare(
      options, [&] { return ours.microseconds(single); }, [&] { return raw_at_once.microseconds(single); });
  bench::report("remote_call_p50", "us", latency, {1.8, bench::Target::Bound::at_most});
  const auto throughput = bench::compare(
      options, [&] { return ours.calls_per_second(pipelined); },
      [&] { return raw_buffered.calls_per_second(pipelined); });
  bench::report("remote_call_pipelined", "calls/s", throughput, {0.4});
}
