#pragma once
#include <chrono>
#include <cstddef>

#include "banyan/base/clock.hpp"

namespace shop::notifications {

/// How long, and for how many, the sender is asked again (RFC 5321, 4.5.4.1). Times pass while the module's
/// store is open, however the clock is set.
struct Patience {
  /// After the first deferral; each further one doubles it, up to retry_delay_max.
  banyan::Duration retry_delay = std::chrono::minutes{5};
  banyan::Duration retry_delay_max = std::chrono::hours{4};
  /// A notification that is not taken after so long has failed.
  banyan::Duration give_up_after = std::chrono::hours{120};
  /// Nobody asks a server that is out of reach for so long; then one notification tries.
  banyan::Duration server_rest = std::chrono::minutes{1};
  /// Waiting ones, and the bytes of their texts. Above, a notification that is deferred has failed, and while
  /// the server is out of reach they wait where they are, in the outbox.
  std::size_t waiting_max = 10'000;
  std::size_t waiting_bytes_max = 64 << 20;
};

}  // namespace shop::notifications
