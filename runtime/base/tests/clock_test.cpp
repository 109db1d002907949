#define BOOST_TEST_MODULE base_clock
#include "banyan/base/clock.hpp"

#include <boost/test/unit_test.hpp>

using namespace banyan;
using namespace std::chrono_literals;

namespace {

Timestamp at(int year, unsigned month, unsigned day, Duration of_day = 0us) {
  return std::chrono::sys_days{std::chrono::year{year} / static_cast<int>(month) / static_cast<int>(day)} +
         of_day;
}

bool is_refused(std::string_view text) {
  const auto time = parse_rfc3339(text);
  return !time && time.error() == Error{Errc::invalid_argument, "base.bad_time"};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(printing)

BOOST_AUTO_TEST_CASE(always_has_six_digits_of_a_second) {
  BOOST_TEST(to_rfc3339(at(2026, 1, 31, 12h)) == "2026-01-31T12:00:00.000000Z");
  BOOST_TEST(to_rfc3339(at(2026, 1, 31, 23h + 59min + 59s + 7us)) == "2026-01-31T23:59:59.000007Z");
}

BOOST_AUTO_TEST_CASE(works_before_1970) {
  BOOST_TEST(to_rfc3339(at(1970, 1, 1) - 1us) == "1969-12-31T23:59:59.999999Z");
}

BOOST_AUTO_TEST_CASE(of_what_needs_more_than_four_digits_gives_the_nearest_year_that_does_not) {
  BOOST_TEST(to_rfc3339(Timestamp::max()) == "9999-12-31T23:59:59.999999Z");
  BOOST_TEST(to_rfc3339(Timestamp::min()) == "0000-01-01T00:00:00.000000Z");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(parsing)

BOOST_AUTO_TEST_CASE(reads_back_what_was_printed) {
  for (const Timestamp time :
       {at(2026, 1, 31, 12h), at(2024, 2, 29, 1us), at(1, 1, 1), at(9999, 12, 31, 24h - 1us)}) {
    const auto again = parse_rfc3339(to_rfc3339(time));
    BOOST_REQUIRE(again.ok());
    BOOST_TEST((again.value() == time));
  }
}

BOOST_AUTO_TEST_CASE(takes_an_offset_into_account) {
  const Timestamp noon = at(2026, 1, 31, 12h);
  for (const auto* text :
       {"2026-01-31T12:00:00Z", "2026-01-31t12:00:00z", "2026-01-31T13:30:00+01:30",
        "2026-01-31T00:00:00-12:00", "2026-02-01T11:59:00+23:59", "2026-01-31T12:00:00-00:00"}) {
    BOOST_TEST_CONTEXT(text) {
      const auto time = parse_rfc3339(text);
      BOOST_REQUIRE(time.ok());
      BOOST_TEST((time.value() == noon));
    }
  }
}

BOOST_AUTO_TEST_CASE(cuts_a_fraction_to_microseconds) {
  const Timestamp noon = at(2026, 1, 31, 12h);
  BOOST_TEST((parse_rfc3339("2026-01-31T12:00:00.5Z").value() == noon + 500ms));
  BOOST_TEST((parse_rfc3339("2026-01-31T12:00:00.000001Z").value() == noon + 1us));
  BOOST_TEST((parse_rfc3339("2026-01-31T12:00:00.123456789Z").value() == noon + 123456us));
  BOOST_TEST((parse_rfc3339("2026-01-31T12:00:00.000000999Z").value() == noon));
}

BOOST_AUTO_TEST_CASE(refuses_days_that_are_not_on_the_calendar) {
  for (const auto* text :
       {"2025-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-00-01T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z"}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(is_refused(text)); }
  }
}

BOOST_AUTO_TEST_CASE(refuses_times_that_are_not_on_the_clock) {
  for (const auto* text :
       {"2026-01-31T24:00:00Z", "2026-01-31T12:60:00Z", "2026-01-31T12:00:61Z", "2016-12-31T23:59:60Z",
        "2026-01-31T12:00:00+24:00", "2026-01-31T12:00:00+01:60"}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(is_refused(text)); }
  }
}

BOOST_AUTO_TEST_CASE(refuses_a_time_that_an_offset_moves_out_of_the_years_that_can_be_written) {
  for (const auto* text : {"0000-01-01T00:00:00+00:01", "0000-01-01T22:59:59.999999+23:00",
                           "9999-12-31T23:59:59.999999-00:01", "9999-12-31T12:00:00-12:00"}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(is_refused(text)); }
  }
}

BOOST_AUTO_TEST_CASE(writes_again_the_first_and_the_last_time_that_it_reads) {
  for (const auto* text : {"0000-01-01T00:00:00.000000Z", "9999-12-31T23:59:59.999999Z"}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(to_rfc3339(parse_rfc3339(text).value()) == text); }
  }
  BOOST_TEST(to_rfc3339(parse_rfc3339("0000-01-01T01:00:00+01:00").value()) == "0000-01-01T00:00:00.000000Z");
}

BOOST_AUTO_TEST_CASE(refuses_any_other_form) {
  for (const auto* text : {"",
                           " ",
                           "2026-01-31",
                           "2026-01-31T12:00:00",
                           "2026-01-31 12:00:00Z",
                           "2026-01-31T12:00Z",
                           "20260131T120000Z",
                           "2026-1-31T12:00:00Z",
                           "26-01-31T12:00:00Z",
                           "+2026-01-31T12:00:00Z",
                           "-026-01-31T12:00:00Z",
                           "2026-01-31T12:00:00.Z",
                           "2026-01-31T12:00:00,5Z",
                           "2026-01-31T12:00:00.1234567890Z",
                           "2026-01-31T12:00:00+0100",
                           "2026-01-31T12:00:00+01",
                           "2026-01-31T12:00:00 Z",
                           "2026-01-31T12:00:00Z ",
                           "2026-01-31T12:00:00ZZ",
                           "2026/01/31T12:00:00Z",
                           "2026-01-31T12-00-00Z",
                           "2026-01-31T1x:00:00Z",
                           "now",
                           "1769860800"}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(is_refused(text)); }
  }
}

BOOST_AUTO_TEST_CASE(refuses_every_text_that_is_cut_short) {
  const std::string_view whole = "2026-01-31T12:00:00.5+01:00";
  BOOST_REQUIRE(parse_rfc3339(whole).ok());
  for (std::size_t length = 0; length < whole.size(); ++length)
    BOOST_TEST(is_refused(whole.substr(0, length)));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(system_clock)

BOOST_AUTO_TEST_CASE(shows_the_time_of_day_that_the_system_has) {
  const auto before = std::chrono::floor<Duration>(std::chrono::system_clock::now());
  const Timestamp shown = SystemClock{}.utc();

  BOOST_TEST((before <= shown));
  BOOST_TEST((shown <= std::chrono::system_clock::now()));
}

BOOST_AUTO_TEST_CASE(never_goes_back) {
  const SystemClock clock;
  Instant last = clock.now();
  BOOST_TEST((last > Instant{}));
  for (int i = 0; i < 10'000; ++i) {
    const Instant now = clock.now();
    BOOST_REQUIRE((now >= last));
    last = now;
  }
}

template <class A, class B>
concept Mixed = requires(A a, B b) {
  a - b;
}
|| requires(A a, B b) { a < b; }
|| requires(A a, B b) { a = b; };

BOOST_AUTO_TEST_CASE(its_two_kinds_of_time_do_not_mix) {
  BOOST_TEST((!Mixed<Instant, Timestamp>));
  BOOST_TEST((!Mixed<Timestamp, Instant>));
}

BOOST_AUTO_TEST_SUITE_END()
