#define BOOST_TEST_MODULE base_uuid
#include "banyan/base/uuid.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <unordered_set>
#include <vector>

using namespace banyan;
using namespace std::chrono_literals;

namespace {

class StoppedClock final : public Clock {
 public:
  explicit StoppedClock(Timestamp time) : time_(time) {}
  Instant now() const override { return Instant{1h}; }
  Timestamp utc() const override { return time_; }
  void set(Timestamp time) { time_ = time; }

 private:
  Timestamp time_;
};

/// Every byte that is asked for is the same.
class ConstantRandom final : public Random {
 public:
  explicit ConstantRandom(std::byte value) : value_(value) {}
  void fill(std::span<std::byte> bytes) override { std::fill(bytes.begin(), bytes.end(), value_); }

 private:
  std::byte value_;
};

bool is_refused(std::string_view text) {
  const auto id = parse_uuid(text);
  return !id && id.error() == Error{Errc::invalid_argument, "base.bad_uuid"};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(text)

BOOST_AUTO_TEST_CASE(is_lower_case_with_hyphens) {
  Uuid id;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) id.bytes[i] = static_cast<std::byte>(0x11 * i);

  BOOST_TEST(to_string(id) == "00112233-4455-6677-8899-aabbccddeeff");
  BOOST_TEST(to_string(Uuid{}) == "00000000-0000-0000-0000-000000000000");
}

BOOST_AUTO_TEST_CASE(is_read_in_either_case) {
  const auto lower = parse_uuid("00112233-4455-6677-8899-aabbccddeeff");
  const auto upper = parse_uuid("00112233-4455-6677-8899-AABBCCDDEEFF");

  BOOST_REQUIRE(lower.ok());
  BOOST_REQUIRE(upper.ok());
  BOOST_TEST((lower.value() == upper.value()));
  BOOST_TEST(to_string(lower.value()) == "00112233-4455-6677-8899-aabbccddeeff");
}

BOOST_AUTO_TEST_CASE(of_any_other_form_is_refused) {
  for (const auto* text :
       {"", "-", "00112233445566778899aabbccddeeff", "{00112233-4455-6677-8899-aabbccddeeff}",
        "urn:uuid:00112233-4455-6677-8899-aabbccddeeff", "00112233-4455-6677-8899-aabbccddeef",
        "00112233-4455-6677-8899-aabbccddeeff0", " 0112233-4455-6677-8899-aabbccddeeff",
        "0011223-34455-6677-8899-aabbccddeeff", "00112233_4455_6677_8899_aabbccddeeff",
        "00112233-4455-6677-8899-aabbccddeefg", "0x112233-4455-6677-8899-aabbccddeeff",
        "00112233-4455-6677-8899-aabbccddee\xC3\xA9", "00112233-4455-6677-889-9aabbccddeeff"}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(is_refused(text)); }
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(version_7)

BOOST_AUTO_TEST_CASE(is_laid_out_as_in_rfc_9562) {
  // The example of appendix A.6: 2022-02-22T14:22:22 at UTC-5, whose milliseconds are 0x017F22E279B0.
  const StoppedClock clock{Timestamp{1645557742000ms}};
  ConstantRandom random{std::byte{0xFF}};

  BOOST_TEST(to_string(IdSource{clock, random}.next()) == "017f22e2-79b0-7000-bfff-ffffffffffff");
}

BOOST_AUTO_TEST_CASE(keeps_the_microseconds_as_a_fraction_of_4096) {
  StoppedClock clock{Timestamp{1645557742000ms + 500us}};
  ConstantRandom random{std::byte{0}};
  IdSource ids{clock, random};

  BOOST_TEST(to_string(ids.next()) == "017f22e2-79b0-7800-8000-000000000000");
  clock.set(Timestamp{1645557742000ms + 999us});
  BOOST_TEST(to_string(ids.next()) == "017f22e2-79b0-7ffb-8000-000000000000");
}

BOOST_AUTO_TEST_CASE(sorts_by_the_microsecond_in_which_it_was_made) {
  StoppedClock clock{Timestamp{1645557742000ms}};
  SystemRandom random;
  IdSource ids{clock, random};
  Uuid last = ids.next();
  for (int i = 1; i <= 5'000; ++i) {
    clock.set(Timestamp{1645557742000ms + std::chrono::microseconds{i}});
    const Uuid next = ids.next();
    BOOST_REQUIRE((last < next));
    last = next;
  }
}

BOOST_AUTO_TEST_CASE(goes_on_by_one_while_the_clock_stands_still_or_was_set_back) {
  StoppedClock clock{Timestamp{1645557742000ms}};
  ConstantRandom random{std::byte{0}};
  IdSource ids{clock, random};

  BOOST_TEST(to_string(ids.next()) == "017f22e2-79b0-7000-8000-000000000000");
  BOOST_TEST(to_string(ids.next()) == "017f22e2-79b0-7001-8000-000000000000");
  clock.set(Timestamp{1645557742000ms - 24h});
  BOOST_TEST(to_string(ids.next()) == "017f22e2-79b0-7002-8000-000000000000");
  clock.set(Timestamp{1645557742001ms});
  BOOST_TEST(to_string(ids.next()) == "017f22e2-79b1-7000-8000-000000000000");
}

BOOST_AUTO_TEST_CASE(carries_on_into_the_next_millisecond) {
  const StoppedClock clock{Timestamp{1645557742000ms}};
  ConstantRandom random{std::byte{0}};
  IdSource ids{clock, random};
  for (int i = 0; i < 4096; ++i) ids.next();

  BOOST_TEST(to_string(ids.next()) == "017f22e2-79b1-7000-8000-000000000000");
}

BOOST_AUTO_TEST_CASE(is_larger_than_all_that_another_source_has_made) {
  StoppedClock clock{Timestamp{1645557742000ms}};
  SystemRandom random;
  IdSource before{clock, random};
  Uuid last;
  for (int i = 0; i < 100; ++i) last = before.next();
  clock.set(Timestamp{1645557742000ms - 1h});
  IdSource after{clock, random};
  after.raise(before.high_water());
  after.raise(0);

  BOOST_TEST((last < after.next()));
}

BOOST_AUTO_TEST_CASE(of_a_time_beyond_its_bits_is_of_the_last_one_that_it_can_tell) {
  const StoppedClock clock{Timestamp::max()};
  ConstantRandom random{std::byte{0}};
  IdSource ids{clock, random};

  BOOST_TEST(to_string(ids.next()).starts_with("ffffffff-ffff-7"));
  ids.raise(-1);
  BOOST_TEST(to_string(ids.next()) == "ffffffff-ffff-7fff-8000-000000000000");
  BOOST_TEST(to_string(ids.next()) == "ffffffff-ffff-7fff-8000-000000000000");
}

BOOST_AUTO_TEST_CASE(before_1970_is_of_1970) {
  const StoppedClock clock{Timestamp{-1us}};
  ConstantRandom random{std::byte{0}};

  BOOST_TEST(to_string(IdSource{clock, random}.next()) == "00000000-0000-7001-8000-000000000000");
}

BOOST_AUTO_TEST_CASE(never_comes_twice) {
  const StoppedClock clock{Timestamp{1645557742000ms}};
  SystemRandom random;
  IdSource ids{clock, random};
  std::unordered_set<Uuid> seen;
  for (int i = 0; i < 10'000; ++i) BOOST_REQUIRE(seen.insert(ids.next()).second);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(system_random)

BOOST_AUTO_TEST_CASE(fills_any_length) {
  SystemRandom random;
  for (const std::size_t length : {0U, 1U, 16U, 1023U, 1024U, 1025U, 100'000U}) {
    std::vector<std::byte> bytes(length);
    random.fill(bytes);
    const auto zeros = std::count(bytes.begin(), bytes.end(), std::byte{0});
    BOOST_TEST(zeros <= static_cast<std::ptrdiff_t>(length / 8 + 1));
  }
}

BOOST_AUTO_TEST_CASE(does_not_repeat_itself) {
  SystemRandom random;
  std::unordered_set<std::uint64_t> seen;
  for (int i = 0; i < 10'000; ++i) BOOST_REQUIRE(seen.insert(random.next()).second);
}

BOOST_AUTO_TEST_CASE(uniform_values_lie_in_the_unit_interval_around_a_half) {
  SystemRandom random;
  constexpr int count = 100'000;
  double sum = 0;
  for (int i = 0; i < count; ++i) {
    const double value = random.uniform();
    BOOST_REQUIRE(value >= 0.0);
    BOOST_REQUIRE(value < 1.0);
    sum += value;
  }
  BOOST_TEST(sum / count > 0.49);
  BOOST_TEST(sum / count < 0.51);
}

BOOST_AUTO_TEST_CASE(uniform_stays_below_one_at_the_largest_draw) {
  ConstantRandom ones{std::byte{0xFF}};
  ConstantRandom zeros{std::byte{0}};

  BOOST_TEST(ones.uniform() < 1.0);
  BOOST_TEST(zeros.uniform() == 0.0);
}

BOOST_AUTO_TEST_SUITE_END()
