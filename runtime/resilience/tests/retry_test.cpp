#define BOOST_TEST_MODULE resilience_retry
#include "banyan/resilience/retry.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <limits>
#include <random>
#include <vector>

using namespace banyan;
using namespace banyan::resilience;
using namespace std::chrono_literals;

namespace {

/// The same bits on every run.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
  void fill(std::span<std::byte> bytes) override {
    std::generate(bytes.begin(), bytes.end(), [this] { return static_cast<std::byte>(engine_() & 0xff); });
  }

 private:
  std::mt19937_64 engine_;
};

/// Every bit is the same.
class ConstantRandom final : public Random {
 public:
  explicit ConstantRandom(std::byte byte) : byte_(byte) {}
  void fill(std::span<std::byte> bytes) override { std::fill(bytes.begin(), bytes.end(), byte_); }

 private:
  std::byte byte_;
};

/// The bound of delay(), computed step by step.
Duration bound(const RetryPolicy& policy, int attempts) {
  Duration longest = policy.delay_base;
  for (int i = 1; i < attempts; ++i) longest = std::min(longest * 2, policy.delay_max);
  return longest;
}

RetryPolicy some_policy(std::mt19937_64& engine) {
  const auto up_to = [&](std::int64_t max) {
    return std::uniform_int_distribution<std::int64_t>{0, max}(engine);
  };
  const Duration delay_max{up_to(86'400'000'000)};
  return {.attempts_max = 5, .delay_base = Duration{up_to(delay_max.count())}, .delay_max = delay_max};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(retry)

BOOST_AUTO_TEST_CASE(a_first_delay_above_the_longest_counts_as_that) {
  ConstantRandom random{std::byte{0xff}};
  const RetryPolicy policy{.attempts_max = 3, .delay_base = 1h, .delay_max = 5s};
  for (const int attempts : {-1, 0, 1, 2, std::numeric_limits<int>::max()}) {
    BOOST_TEST((policy.delay(attempts, random) <= 5s));
    BOOST_TEST((policy.delay(attempts, random) > 4s));
  }
}

BOOST_AUTO_TEST_CASE(allows_as_many_attempts_as_the_policy_says) {
  const RetryPolicy policy{.attempts_max = 3};
  BOOST_TEST(policy.allows_another(1));
  BOOST_TEST(policy.allows_another(2));
  BOOST_TEST(!policy.allows_another(3));
  BOOST_TEST(!policy.allows_another(4));
}

BOOST_AUTO_TEST_CASE(reaches_from_nothing_to_the_doubled_delay) {
  const RetryPolicy policy;
  ConstantRandom lowest{std::byte{0x00}};
  ConstantRandom highest{std::byte{0xff}};
  const std::vector<Duration> longest{1s, 2s, 4s, 8s, 8s};
  for (int attempts = 1; attempts <= 5; ++attempts) {
    BOOST_TEST((policy.delay(attempts, lowest) == 0s));
    const Duration reached = policy.delay(attempts, highest);
    BOOST_TEST((reached > longest[static_cast<std::size_t>(attempts - 1)] * 0.999));
    BOOST_TEST((reached <= longest[static_cast<std::size_t>(attempts - 1)]));
  }
}

BOOST_AUTO_TEST_CASE(never_leaves_its_bounds_whatever_the_policy) {
  SeededRandom random{1};
  std::mt19937_64 engine{2};
  for (int i = 0; i < 20'000; ++i) {
    const RetryPolicy policy = some_policy(engine);
    const int attempts = std::uniform_int_distribution<int>{1, 40}(engine);
    const Duration delay = policy.delay(attempts, random);
    BOOST_REQUIRE((delay >= 0s && delay <= bound(policy, attempts)));
  }
}

BOOST_AUTO_TEST_CASE(does_not_overflow_however_many_attempts_were_made) {
  ConstantRandom highest{std::byte{0xff}};
  const RetryPolicy policy{.attempts_max = 5, .delay_base = 1us, .delay_max = Duration::max() / 2};
  BOOST_TEST((policy.delay(std::numeric_limits<int>::max(), highest) > Duration::zero()));
}

BOOST_AUTO_TEST_CASE(may_be_no_delay_at_all) {
  ConstantRandom highest{std::byte{0xff}};
  const RetryPolicy policy{.attempts_max = 5, .delay_base = 0s, .delay_max = 0s};
  BOOST_TEST((policy.delay(std::numeric_limits<int>::max(), highest) == Duration::zero()));
}

BOOST_AUTO_TEST_CASE(spreads_evenly) {
  SeededRandom random{3};
  const RetryPolicy policy;
  std::vector<int> tenths(10);
  constexpr int draws = 10'000;
  for (int i = 0; i < draws; ++i) {
    const auto share = static_cast<double>(policy.delay(4, random).count()) / 8'000'001.0;
    ++tenths[static_cast<std::size_t>(share * 10)];
  }
  for (const int count : tenths) BOOST_TEST((count > 850 && count < 1'150));
}

BOOST_AUTO_TEST_CASE(repeats_itself_for_the_same_seed) {
  SeededRandom a{4};
  SeededRandom b{4};
  const RetryPolicy policy;
  for (int attempts = 1; attempts <= 5; ++attempts) {
    BOOST_TEST((policy.delay(attempts, a) == policy.delay(attempts, b)));
  }
}

BOOST_AUTO_TEST_SUITE_END()
