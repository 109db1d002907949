#pragma once
#include <atomic>
#include <cstdint>

namespace banyan::resilience {

/// Keeps repeats a small share of the requests: each request adds `percent` hundredths of a repeat, up to
/// `burst` repeats saved up, with which it begins. So a dependency that is down gets no more than that share
/// on top of its load, however many callers would like to try again.
///
/// Threads: safe, lock-free.
class RetryBudget {
 public:
  struct Options {
    int percent = 10;  ///< Repeats for 100 requests; 0 to 100.
    int burst = 10;    ///< 0 and percent 0: no repeats at all.
  };

  explicit RetryBudget(const Options& options);

  /// Counts one request (not a repeat of one).
  void add_request() noexcept;
  /// Takes one repeat from the budget; false, and nothing is taken, if there is none.
  bool try_spend() noexcept;

 private:
  const std::int64_t percent_;
  const std::int64_t hundredths_max_;
  std::atomic<std::int64_t> hundredths_;
};

}  // namespace banyan::resilience
