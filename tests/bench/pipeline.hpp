#pragma once
#include <atomic>
#include <cstddef>
#include <semaphore>
#include <utility>

namespace banyan::bench {

/// Keeps a number of asynchronous calls under way: each one that ends begins the next one.
template <class Begin>
class Pipeline {
 public:
  /// Tells the pipeline that one call has ended. Called once, on any thread.
  class Done {
   public:
    explicit Done(Pipeline& pipeline) : pipeline_(&pipeline) {}
    void operator()() const { pipeline_->ended(); }

   private:
    Pipeline* pipeline_;
  };

  Pipeline(std::size_t total, Begin begin) : total_(total), begin_(std::move(begin)) {}

  /// Returns when all calls have ended.
  void run(std::size_t in_flight) {
    for (std::size_t i = 0; i < in_flight; ++i) begin_next();
    finished_.acquire();
  }

 private:
  void begin_next() {
    const std::size_t number = begun_.fetch_add(1, std::memory_order_relaxed);
    if (number < total_) begin_(number, Done{*this});
  }

  void ended() {
    if (ended_.fetch_add(1, std::memory_order_acq_rel) + 1 == total_) return finished_.release();
    begin_next();
  }

  const std::size_t total_;
  Begin begin_;
  std::atomic<std::size_t> begun_ = 0;
  std::atomic<std::size_t> ended_ = 0;
  std::binary_semaphore finished_{0};
};

/// `begin`: void(std::size_t number, Done done) starts call `number`, at the end of which done() is called.
template <class Begin>
void run_pipelined(std::size_t total, std::size_t in_flight, Begin begin) {
  Pipeline<Begin>{total, std::move(begin)}.run(in_flight);
}

}  // namespace banyan::bench
