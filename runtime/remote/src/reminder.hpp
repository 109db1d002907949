#pragma once
#include <chrono>
#include <string>

#include "banyan/base/clock.hpp"
#include "banyan/base/error.hpp"

namespace banyan::remote {

/// What to type where a stream or a consumer is missing.
inline constexpr std::string_view to_provision = "banyanctl nats provision --watch";

/// When trouble that goes on is worth a line of the log: at once if it is another one than before, then every
/// minute.
class Reminder {
 public:
  bool is_due(const Error& trouble, Timestamp now) {
    if (trouble.reason() == reason_ && now - told_at_ < pause) return false;
    reason_ = trouble.reason();
    told_at_ = now;
    return true;
  }
  /// All is well.
  void forget() noexcept { reason_.clear(); }

 private:
  static constexpr Duration pause = std::chrono::minutes{1};
  std::string reason_;
  Timestamp told_at_{};
};

}  // namespace banyan::remote
