#pragma once
#include <string>
#include <string_view>

#include "banyan/base/clock.hpp"
#include "banyan/base/error.hpp"
#include "banyan/telemetry/log.hpp"

namespace banyan::remote {

/// Warns of trouble with a stream that goes on: at once if it is another one than before, then every minute.
class Reminder {
 public:
  /// With the command that helps, where a stream or a consumer is missing.
  void warn(const telemetry::Log& log, std::string_view text, const std::string& stream, const Error& trouble,
            Instant now);
  /// The same for what is wrong with data, as an error.
  void alarm(const telemetry::Log& log, std::string_view text, const Error& trouble, Instant now);
  /// All is well.
  void forget() noexcept { reason_.clear(); }

 private:
  bool is_due(const Error& trouble, Instant now);

  std::string reason_;
  Instant told_at_{};
};

}  // namespace banyan::remote
