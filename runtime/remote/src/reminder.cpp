#include "reminder.hpp"

#include <chrono>

namespace banyan::remote {
namespace {

constexpr Duration pause = std::chrono::minutes{1};
constexpr std::string_view to_provision = "banyanctl nats provision --watch";

}  // namespace

void Reminder::warn(const telemetry::Log& log, std::string_view text, const std::string& stream,
                    const Error& trouble, Instant now) {
  if (!is_due(trouble, now)) return;
  if (trouble.code() != Errc::not_found) {
    return log.warning(text, {{"stream", stream}, {"cause", trouble}});
  }
  log.warning(text, {{"stream", stream}, {"cause", trouble}, {"next", to_provision}});
}

void Reminder::alarm(const telemetry::Log& log, std::string_view text, const Error& trouble, Instant now) {
  if (is_due(trouble, now)) log.error(text, {{"cause", trouble}});
}

bool Reminder::is_due(const Error& trouble, Instant now) {
  if (trouble.reason() == reason_ && now - told_at_ < pause) return false;
  reason_ = trouble.reason();
  told_at_ = now;
  return true;
}

}  // namespace banyan::remote
