#include "banyan/base/clock.hpp"

#include <algorithm>

namespace banyan {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp earliest = std::chrono::sys_days{std::chrono::year{0} / 1 / 1};
constexpr Timestamp latest = std::chrono::sys_days{std::chrono::year{10'000} / 1 / 1} - 1us;

/// Writes `value` right-aligned with leading zeros.
void put_digits(char* to, int width, std::int64_t value) {
  for (; width-- > 0; value /= 10) to[width] = static_cast<char>('0' + value % 10);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes fixed fields from the front of a text; after the first that does not fit, everything fails.
class Fields {
 public:
  explicit Fields(std::string_view text) : rest_(text) {}

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }

  /// A number of exactly `width` digits within min..max; `min` if it is none.
  int number(std::size_t width, int min, int max) {
    int value = 0;
    for (std::size_t i = 0; i < width; ++i) value = value * 10 + digit();
    if (value < min || value > max) return ok_ = false, min;
    return value;
  }

  /// The character taken, which must be one of `allowed`.
  char one_of(std::string_view allowed) {
    if (rest_.empty() || allowed.find(rest_.front()) == std::string_view::npos) return ok_ = false, '\0';
    const char taken = rest_.front();
    rest_.remove_prefix(1);
    return taken;
  }

  /// Up to nine digits after a decimal point, if there is one.
  Duration fraction() {
    if (rest_.empty() || rest_.front() != '.') return 0us;
    rest_.remove_prefix(1);
    std::size_t count = 0;
    std::int64_t microseconds = 0;
    for (; !rest_.empty() && is_digit(rest_.front()); ++count) {
      const int next = digit();
      if (count < 6) microseconds = microseconds * 10 + next;
    }
    if (count == 0 || count > 9) ok_ = false;
    for (; count < 6; ++count) microseconds *= 10;
    return Duration{microseconds};
  }

 private:
  int digit() {
    if (rest_.empty() || !is_digit(rest_.front())) return ok_ = false, 0;
    const int value = rest_.front() - '0';
    rest_.remove_prefix(1);
    return value;
  }

  std::string_view rest_;
  bool ok_ = true;
};

Timestamp read_date(Fields& fields, bool& exists) {
  const std::chrono::year year{fields.number(4, 0, 9999)};
  fields.one_of("-");
  const std::chrono::month month{static_cast<unsigned>(fields.number(2, 1, 12))};
  fields.one_of("-");
  const std::chrono::day day{static_cast<unsigned>(fields.number(2, 1, 31))};
  exists = std::chrono::year_month_day{year, month, day}.ok();
  return std::chrono::sys_days{year / month / day};
}

Duration read_time_of_day(Fields& fields) {
  const std::chrono::hours hours{fields.number(2, 0, 23)};
  fields.one_of(":");
  const std::chrono::minutes minutes{fields.number(2, 0, 59)};
  fields.one_of(":");
  const std::chrono::seconds seconds{fields.number(2, 0, 59)};
  return hours + minutes + seconds + fields.fraction();
}

Duration read_offset(Fields& fields) {
  const char sign = fields.one_of("Zz+-");
  if (sign != '+' && sign != '-') return 0us;
  const std::chrono::hours hours{fields.number(2, 0, 23)};
  fields.one_of(":");
  const Duration offset = hours + std::chrono::minutes{fields.number(2, 0, 59)};
  return sign == '+' ? offset : -offset;
}

}  // namespace

Instant SystemClock::now() const {
  const auto since_boot = std::chrono::steady_clock::now().time_since_epoch();
  return Instant{std::chrono::floor<Duration>(since_boot)};
}

Timestamp SystemClock::utc() const { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

TimestampText to_text(Timestamp time) noexcept {
  time = std::clamp(time, earliest, latest);
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss of_day{time - day};

  TimestampText text{'0', '0', '0', '0', '-', '0', '0', '-', '0', '0', 'T', '0', '0', ':',
                     '0', '0', ':', '0', '0', '.', '0', '0', '0', '0', '0', '0', 'Z'};
  put_digits(&text[0], 4, static_cast<int>(date.year()));
  put_digits(&text[5], 2, static_cast<unsigned>(date.month()));
  put_digits(&text[8], 2, static_cast<unsigned>(date.day()));
  put_digits(&text[11], 2, of_day.hours().count());
  put_digits(&text[14], 2, of_day.minutes().count());
  put_digits(&text[17], 2, of_day.seconds().count());
  put_digits(&text[20], 6, of_day.subseconds().count());
  return text;
}

std::string to_rfc3339(Timestamp time) {
  const TimestampText text = to_text(time);
  return std::string{text.data(), text.size()};
}

Result<Timestamp> parse_rfc3339(std::string_view text) {
  Fields fields{text};
  bool date_exists = false;
  const Timestamp date = read_date(fields, date_exists);
  fields.one_of("Tt");
  const Duration time_of_day = read_time_of_day(fields);
  const Duration offset = read_offset(fields);
  if (!fields.ok() || !date_exists || !fields.at_end()) {
    return Error{Errc::invalid_argument, "base.bad_time", "not a date and time as RFC 3339 writes them"};
  }
  const Timestamp time = date + time_of_day - offset;
  if (time < earliest || time > latest) {
    return Error{Errc::invalid_argument, "base.bad_time", "in UTC it is not within the years 0000 to 9999"};
  }
  return time;
}

}  // namespace banyan
