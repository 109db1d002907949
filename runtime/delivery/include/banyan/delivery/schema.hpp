#pragma once
#include <span>

#include "banyan/store/migration.hpp"

namespace banyan::delivery {

/// The runtime's tables for outbox, inbox, parked messages, answers and timers.
std::span<const store::Migration> migrations();

}  // namespace banyan::delivery
