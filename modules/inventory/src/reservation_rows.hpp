#pragma once
#include <optional>
#include <vector>

#include "banyan/module/module.hpp"
#include "shop/inventory/messages.hpp"

namespace shop::inventory {

/// A reservation without its lines. One that was released before it held anything has no customer.
struct ReservationHead {
  banyan::Uuid order_id;
  std::optional<banyan::Uuid> customer_id = {};
  ReservationState state{};
  banyan::Timestamp expires_at{};  ///< For people.
};

std::optional<ReservationHead> find_reservation(banyan::View& view, const banyan::Uuid& order_id);
/// In the order of the request's lines.
std::vector<ReservedLine> lines_of(banyan::View& view, const banyan::Uuid& order_id);
/// The part of the lines that is held or sold, or was before they were given back: all but the shortfalls.
std::vector<StockLine> units_kept_for(banyan::View& view, const banyan::Uuid& order_id);

/// False, and nothing changed, if the order has a reservation.
bool insert_reservation(banyan::Tx& tx, const ReservationHead& head);
/// Adds a line at the price that the catalogue says; nothing if it does not know the product.
std::optional<banyan::Money> insert_line(banyan::Tx& tx, const banyan::Uuid& order_id, std::int64_t number,
                                         const StockLine& line);
/// Moves the reservation on; false if it was not in the state `from`.
bool change_state(banyan::Tx& tx, const banyan::Uuid& order_id, ReservationState from, ReservationState to,
                  banyan::Timestamp now);

}  // namespace shop::inventory
