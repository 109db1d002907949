#include "banyan/base/uuid.hpp"

#include <algorithm>
#include <cstring>

namespace banyan {
namespace {

constexpr char hex_digits[] = "0123456789abcdef";

constexpr bool is_hyphen_position(std::size_t at) { return at == 8 || at == 13 || at == 18 || at == 23; }

/// -1 for anything but a hexadecimal digit.
constexpr int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

/// Of 1/4096 ms, as many as the 60 bits of an id can tell.
constexpr std::int64_t ticks_max = (std::int64_t{1} << 60) - 1;

std::int64_t ticks_of(Timestamp time) {
  const Duration since_1970 = std::max(time.time_since_epoch(), Duration::zero());
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(since_1970);
  const std::int64_t fraction = (since_1970 - milliseconds).count() * 4096 / 1000;
  return std::min(milliseconds.count(), ticks_max >> 12) << 12 | fraction;
}

Error bad_uuid() {
  return Error{Errc::invalid_argument, "base.bad_uuid", "not 32 hexadecimal digits as 8-4-4-4-12"};
}

}  // namespace

UuidText to_text(const Uuid& id) noexcept {
  UuidText text;
  std::size_t at = 0;
  for (const std::byte byte : id.bytes) {
    if (is_hyphen_position(at)) text[at++] = '-';
    text[at++] = hex_digits[std::to_integer<unsigned>(byte) >> 4];
    text[at++] = hex_digits[std::to_integer<unsigned>(byte) & 0xF];
  }
  return text;
}

std::string to_string(const Uuid& id) {
  const UuidText text = to_text(id);
  return std::string{text.data(), text.size()};
}

Result<Uuid> parse_uuid(std::string_view text) {
  if (text.size() != std::tuple_size_v<UuidText>) return bad_uuid();
  Uuid id;
  std::size_t at = 0;
  for (std::byte& byte : id.bytes) {
    if (is_hyphen_position(at) && text[at++] != '-') return bad_uuid();
    const int high = hex_value(text[at++]);
    const int low = hex_value(text[at++]);
    if (high < 0 || low < 0) return bad_uuid();
    byte = static_cast<std::byte>(high << 4 | low);
  }
  return id;
}

// Behind the year 10889 no time is left to go on with: there ids are in no order any more.
std::int64_t IdSource::tick() {
  const std::int64_t now = ticks_of(clock_.utc());
  std::int64_t last = last_.load(std::memory_order_relaxed);
  std::int64_t next = 0;
  do {
    next = std::min(std::max(now, last + 1), ticks_max);
  } while (!last_.compare_exchange_weak(last, next, std::memory_order_relaxed));
  return next;
}

void IdSource::raise(std::int64_t high_water) noexcept {
  high_water &= ticks_max;
  std::int64_t last = last_.load(std::memory_order_relaxed);
  while (last < high_water && !last_.compare_exchange_weak(last, high_water, std::memory_order_relaxed)) {
  }
}

Uuid IdSource::next() {
  const auto ticks = static_cast<std::uint64_t>(tick());
  Uuid id;
  random_.fill(std::span{id.bytes}.subspan(8));
  std::uint64_t millis = ticks >> 12;
  for (std::size_t at = 6; at-- > 0; millis >>= 8) id.bytes[at] = static_cast<std::byte>(millis & 0xFF);
  id.bytes[6] = static_cast<std::byte>(0x70 | (ticks >> 8 & 0x0F));
  id.bytes[7] = static_cast<std::byte>(ticks & 0xFF);
  id.bytes[8] = (id.bytes[8] & std::byte{0x3F}) | std::byte{0x80};
  return id;
}

}  // namespace banyan

std::size_t std::hash<banyan::Uuid>::operator()(const banyan::Uuid& id) const noexcept {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  std::memcpy(&high, id.bytes.data(), sizeof high);
  std::memcpy(&low, id.bytes.data() + sizeof high, sizeof low);
  return static_cast<std::size_t>(low ^ (high * 0x9E3779B97F4A7C15));
}
