#include "known_log.hpp"

#include <chrono>
#include <utility>

namespace banyan::remote {
namespace {

constexpr Duration memory = std::chrono::seconds{10};

}  // namespace

bool KnownLog::heard(const Uuid& log, Instant now) {
  if (log.is_nil() || log == last_) return false;
  const bool is_back = log == before_;
  before_ = std::exchange(last_, log);
  if (is_back) changed_back_at_ = now;
  return is_back;
}

std::optional<Uuid> KnownLog::second(Instant now) const {
  const bool are_two = changed_back_at_ && now - *changed_back_at_ < memory;
  return are_two ? std::optional{before_} : std::nullopt;
}

}  // namespace banyan::remote
