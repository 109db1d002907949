// A typed call to a module in another process, from the caller's endpoint to the callee's and back: encoded,
// with its context and a token in headers, checked against the contract at both ends, over mTLS. Against bare
// cnats.
#include <memory>
#include <semaphore>

#include "banyan/security/key_folder.hpp"
#include "banyan/security/token_issuer.hpp"
#include "banyan/security/token_verifier.hpp"
#include "banyan/testing/sample.hpp"
#include "pipeline.hpp"
#include "process.hpp"
#include "raw_calls.hpp"

namespace {

using namespace banyan;
using bench::expect;

using Answer = testing::Sample<"echo.answer.v1", message::Kind::reply>;
using Question = testing::Sample<"echo.question.v1", message::Kind::query, Answer>;
const message::Descriptor* const messages[] = {&Question::descriptor(), &Answer::descriptor()};

constexpr std::string_view calls[] = {"echo.question.v1"};
constexpr message::Edge edges[] = {{.from = "bench", .to = "echo", .calls = calls, .messages = {}}};
constexpr std::string_view scheme = "Bearer ";
const std::string text(150, 'x');  // makes the body as long as the bare one

Result<Answer> answer(View&, const Question& question, const Context&) {
  return Answer{question.key, question.number, question.text};
}

/// The token that proves to "echo" that "bench" calls.
class Tokens {
 public:
  remote::BusOptions of_caller() {
    return {.credentials = [this](std::string_view callee) -> Result<std::string> {
      return std::string{scheme} + expect(issuer_->token_for(callee));
    }};
  }
  remote::BusOptions of_callee() {
    return {.verifier = [this](std::string_view authorization) -> Result<std::string> {
      return expect(verifier_->verify(authorization.substr(scheme.size()))).account;
    }};
  }

 private:
  static security::KeyFolder keys_in(const std::string& folder) {
    security::KeyFolder keys{folder};
    BANYAN_ASSERT(keys.create("bench").ok());
    return keys;
  }

  SystemClock clock_;
  SystemRandom random_;
  const testing::TemporaryDirectory disk_;
  const security::KeyFolder keys_ = keys_in(disk_.path() + "/keys");
  const std::unique_ptr<security::TokenIssuer> issuer_ = expect(security::TokenIssuer::open(
      {.account = "bench", .key_file = keys_.private_file("bench")}, clock_, random_));
  const std::unique_ptr<security::TokenVerifier> verifier_ = expect(
      security::TokenVerifier::open({.audience = "echo", .key_folder = keys_.public_folder()}, clock_));
};

class Ours {
 public:
  explicit Ours(bench::Broker& broker)
      : callee_(broker.open("echo")),
        caller_(broker.open("bench")),
        echo_(process_.open(module::Module{"echo", messages}.answers<Question>(answer))) {
    BANYAN_ASSERT(server_.link(*echo_, {}).ok());
    echo_->start();
    server_.start();
    while (!call()) {
    }
  }
  ~Ours() {
    echo_->stop();
    caller_->close();
    callee_->close();
  }

  double microseconds(std::size_t count) {
    return bench::median_microseconds(count, [this] { BANYAN_ASSERT(call()); });
  }

  double calls_per_second(std::size_t count) {
    const auto start = std::chrono::steady_clock::now();
    bench::run_pipelined(count, bench::calls_in_flight, [this](std::size_t, auto done) {
      ask([done](const Result<Answer>& answered) {
        BANYAN_ASSERT(answered.ok());
        done();
      });
    });
    return bench::rate(count, start);
  }

 private:
  template <class Done>
  void ask(Done done) {
    message::call<Answer>(endpoint_, Question{.key = "k", .number = 1, .text = text}, process_.call_options(),
                          done);
  }

  bool call() {
    std::binary_semaphore answered{0};
    bool is_ok = false;
    ask([&](const Result<Answer>& result) {
      is_ok = result.ok();
      answered.release();
    });
    answered.acquire();
    return is_ok;
  }

  bench::Process process_;
  Tokens tokens_;
  std::unique_ptr<nats::Connection> callee_;
  std::unique_ptr<nats::Connection> caller_;
  std::unique_ptr<module::Instance> echo_;
  remote::Bus server_{"echo", *callee_, edges, process_.lend(), tokens_.of_callee()};
  remote::Bus client_{"bench", *caller_, edges, process_.lend(), tokens_.of_caller()};
  message::Endpoint& endpoint_ = client_.endpoint_of("echo");
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
