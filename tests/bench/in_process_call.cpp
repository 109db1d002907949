// A typed request to a module in the same process and its answer, without a store's row, against the same
// between two bare actors.
#include <caf/all.hpp>

#include "banyan/testing/sample.hpp"
#include "bench.hpp"
#include "pipeline.hpp"
#include "process.hpp"

namespace {

using namespace banyan;

constexpr std::size_t in_flight = 256;  // with more, the bare actors' bookkeeping of open requests takes over

using Answer = testing::Sample<"echo.answer.v1", message::Kind::reply>;
using Question = testing::Sample<"echo.question.v1", message::Kind::query, Answer>;
const message::Descriptor* const messages[] = {&Question::descriptor(), &Answer::descriptor()};

Result<Answer> answer(View&, const Question& question, const Context&) {
  return Answer{.number = question.number};
}

double calls_per_second(std::size_t count) {
  bench::Process process;
  const auto echo = process.open(module::Module{"echo", messages}.answers<Question>(answer));
  echo->start();
  const message::CallOptions options = process.call_options();
  const auto start = std::chrono::steady_clock::now();
  bench::run_pipelined(count, in_flight, [&](std::size_t number, auto done) {
    message::call<Answer>(echo->endpoint(), Question{.number = static_cast<std::int64_t>(number)}, options,
                          [done](const Result<Answer>& answered) {
                            BANYAN_ASSERT(answered.ok());
                            done();
                          });
  });
  return bench::rate(count, start);
}

caf::behavior echo_actor() {
  return {[](std::int64_t number) { return number; }};
}

class Asking {
 public:
  Asking(caf::event_based_actor* self, caf::actor echo, std::size_t count)
      : self_(self), echo_(std::move(echo)), left_(count), open_(count) {
    for (std::size_t i = 0; i < std::min(in_flight, count); ++i) ask();
  }

 private:
  void ask() {
    if (left_ == 0) return;
    --left_;
    self_->request(echo_, caf::infinite, static_cast<std::int64_t>(left_)).then([this](std::int64_t) {
      if (--open_ == 0) return self_->quit();
      ask();
    });
  }

  caf::event_based_actor* self_;
  caf::actor echo_;
  std::size_t left_;
  std::size_t open_;
};

double raw_calls_per_second(std::size_t count) {
  caf::actor_system_config config;
  caf::actor_system system{config};
  const auto start = std::chrono::steady_clock::now();
  {
    const caf::actor echo = system.spawn(echo_actor);
    const caf::actor asking = system.spawn([&](caf::event_based_actor* self) {
      self->attach_functor([asking = std::make_shared<Asking>(self, echo, count)] {});
    });
    caf::scoped_actor { system } -> wait_for(asking);
  }
  return bench::rate(count, start);
}

}  // namespace

int main(int argc, char** argv) {
  const bench::Options options = bench::parse_options(argc, argv);
  const std::size_t count = options.pick(2'000, 500'000, 2'000'000);
  const auto figures = bench::compare(
      options, [&] { return calls_per_second(count); }, [&] { return raw_calls_per_second(count); });
  bench::report("in_process_call", "calls/s", figures, {0.4});
}
