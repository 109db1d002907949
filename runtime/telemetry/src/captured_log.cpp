#include "banyan/telemetry/log_sinks.hpp"

namespace banyan::telemetry {

void CapturedLog::write(std::string_view line) noexcept {
  const std::lock_guard lock{mutex_};
  lines_.emplace_back(line);
}

std::vector<std::string> CapturedLog::lines() const {
  const std::lock_guard lock{mutex_};
  return lines_;
}

}  // namespace banyan::telemetry
