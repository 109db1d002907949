#include "banyan/delivery/position.hpp"

#include <algorithm>
#include <vector>

#include "banyan/base/numbers.hpp"
#include "log.hpp"

namespace banyan::delivery {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

std::string to_hex(const ChainHash& hash) {
  std::string text;
  for (const std::byte byte : hash) {
    text += digits[std::to_integer<std::size_t>(byte) >> 4];
    text += digits[std::to_integer<std::size_t>(byte) & 15];
  }
  return text;
}

bool read_hex(std::string_view text, ChainHash& hash) {
  if (text.size() != 2 * hash.size() || text.find_first_not_of(digits) != text.npos) return false;
  for (std::size_t i = 0; i < hash.size(); ++i) {
    hash[i] = static_cast<std::byte>(digits.find(text[2 * i]) << 4 | digits.find(text[2 * i + 1]));
  }
  return true;
}

Error not_retained(std::uint64_t first) {
  return {Errc::not_found, "delivery.not_retained", "the log begins with row " + std::to_string(first)};
}

}  // namespace

std::string to_text(const Position& position) {
  return to_string(position.epoch) + '/' + std::to_string(position.seq) + '/' + to_hex(position.hash);
}

Result<Position> parse_position(std::string_view text) {
  const std::size_t first = std::min(text.find('/'), text.size());
  const std::size_t second = std::min(text.find('/', first + 1), text.size());
  Position position;
  const auto epoch = parse_uuid(text.substr(0, first));
  const auto seq =
      second < text.size() ? parse_count(text.substr(first + 1, second - first - 1)) : std::nullopt;
  if (!epoch.ok() || !seq || !read_hex(text.substr(second + 1), position.hash)) {
    return Error{Errc::invalid_argument, "delivery.bad_position", "is no EPOCH/SEQ/HASH"};
  }
  position.epoch = epoch.value();
  position.seq = *seq;
  return position;
}

// A position whose row retention has removed can't be compared; what is left to compare is the head.
std::optional<Error> divergence(const Position& position, const Position& head, const HashAt& hash_at) {
  const auto diverged = [](std::string why) {
    return Error{Errc::data_loss, "delivery.diverged", std::move(why)};
  };
  if (position.epoch.is_nil()) return std::nullopt;
  if (position.epoch != head.epoch)
    return diverged("the subscriber followed another incarnation of this log");
  if (position.seq > head.seq) {
    return diverged("the subscriber is at " + std::to_string(position.seq) + ", the log ends at " +
                    std::to_string(head.seq));
  }
  const auto hash = position.seq == head.seq ? std::optional{head.hash} : hash_at(position.seq);
  if (position.seq > 0 && hash && *hash != position.hash) {
    return diverged("the log has another row at " + std::to_string(position.seq));
  }
  return std::nullopt;
}

Result<Position> position_at(store::ReadTransaction& log, std::uint64_t seq) {
  Position position{.epoch = log.find<Uuid>("SELECT epoch FROM banyan_log").value(), .seq = seq};
  const auto first =
      log.find<std::uint64_t>("SELECT seq FROM banyan_outbox ORDER BY seq LIMIT 1").value_or(1);
  const std::uint64_t last = last_row(log, position.epoch).seq;
  if (seq > last) {
    return Error{Errc::invalid_argument, "delivery.position_ahead",
                 "the log ends with row " + std::to_string(last)};
  }
  if (seq == 0) return first == 1 ? Result<Position>{position} : not_retained(first);
  const auto hash = log.find<std::vector<std::byte>>("SELECT hash FROM banyan_outbox WHERE seq = ?1", seq);
  if (!hash) return not_retained(first);
  position.hash = to_hash(*hash);
  return position;
}

// Rows are in the order of time, but for a clock that was set back: the first one of that time counts.
Result<Position> position_before(store::ReadTransaction& log, Timestamp time) {
  const auto first_since = log.find<std::uint64_t>(
      "SELECT seq FROM banyan_outbox WHERE created_at >= ?1 ORDER BY seq LIMIT 1", time);
  if (first_since) return position_at(log, *first_since - 1);
  return position_at(
      log, log.find<std::uint64_t>("SELECT seq FROM banyan_outbox ORDER BY seq DESC LIMIT 1").value_or(0));
}

}  // namespace banyan::delivery
