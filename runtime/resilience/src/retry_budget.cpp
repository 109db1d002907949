#include "banyan/resilience/retry_budget.hpp"

#include <algorithm>

#include "banyan/base/assert.hpp"

namespace banyan::resilience {
namespace {

constexpr std::int64_t one_repeat = 100;

/// Room for at least one repeat wherever requests earn any.
std::int64_t room(const RetryBudget::Options& options) {
  BANYAN_ASSERT(0 <= options.percent && options.percent <= 100);
  BANYAN_ASSERT(options.burst >= 0);
  const int repeats = options.percent > 0 ? std::max(options.burst, 1) : options.burst;
  return repeats * one_repeat;
}

}  // namespace

RetryBudget::RetryBudget(const Options& options)
    : percent_(options.percent), hundredths_max_(room(options)), hundredths_(options.burst * one_repeat) {}

void RetryBudget::add_request() noexcept {
  std::int64_t now = hundredths_.load(std::memory_order_relaxed);
  while (now < hundredths_max_ &&
         !hundredths_.compare_exchange_weak(now, std::min(now + percent_, hundredths_max_),
                                            std::memory_order_relaxed)) {
  }
}

bool RetryBudget::try_spend() noexcept {
  std::int64_t now = hundredths_.load(std::memory_order_relaxed);
  while (now >= one_repeat) {
    if (hundredths_.compare_exchange_weak(now, now - one_repeat, std::memory_order_relaxed)) return true;
  }
  return false;
}

}  // namespace banyan::resilience
