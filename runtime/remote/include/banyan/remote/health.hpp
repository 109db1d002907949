#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "banyan/base/clock.hpp"
#include "banyan/base/error.hpp"
#include "banyan/base/uuid.hpp"
#include "banyan/nats/connection.hpp"

namespace banyan::remote {

/// One end of a link over the broker.
struct LinkHealth {
  std::string producer;
  std::string subscriber;
  bool is_outgoing = false;     ///< This end is the producer's.
  bool is_flowing = false;      ///< Started, over a broker and a stream that are there.
  std::uint64_t passed = 0;     ///< The last row that the broker has (outgoing), or that has come (incoming).
  std::uint64_t confirmed = 0;  ///< The last row that is in the subscriber's database.
  Instant heard_at{};           ///< When the other end was last heard of.
  /// A second store that speaks as the other end, beside the one that is known; then the link does not flow.
  std::optional<Uuid> second_log = {};
};

/// A module that answers calls from two stores in turn.
struct TwoLogs {
  std::string module;
  Uuid first;
  Uuid second;
};

struct Health {
  nats::State broker = nats::State::connecting;
  std::optional<Error> trouble = {};  ///< Why the broker isn't connected, as far as known.
  std::vector<LinkHealth> links = {};
  std::vector<TwoLogs> two_logs = {};
};

}  // namespace banyan::remote
