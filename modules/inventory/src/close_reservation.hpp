#pragma once
#include "banyan/module/module.hpp"
#include "reservation_rows.hpp"

namespace shop::inventory {

/// Makes the units of a reservation, which is held or consumed, available again, moves it to `to` and tells
/// the others. Returns how many units that were.
std::int64_t give_back(banyan::Tx& tx, const ReservationHead& reservation, ReservationState to,
                       banyan::Timestamp now);

/// Gives back what the order holds or has bought. Whatever it held, it cannot hold anything from now on.
/// Returns how many units are available again; as the first time, if the order was closed before.
std::int64_t close_reservation(banyan::Tx& tx, const banyan::Uuid& order_id, banyan::Timestamp now);

}  // namespace shop::inventory
