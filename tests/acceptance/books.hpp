#pragma once
#include "count.hpp"
#include "replay.hpp"

namespace acceptance {

/// All that the modules of the shop say about the replayed stream against each other and against the count:
/// orders, stock and reservations, payments, invoices, shipments, notifications, to the unit and the cent.
/// Each difference in words; empty if there is none. Throws if the shop can't be read.
std::vector<std::string> differences(const Stream& stream, const Count& count, const Replay& replay);

}  // namespace acceptance
