#pragma once
#include <optional>

#include "banyan/module/module.hpp"
#include "shop/shipping/messages.hpp"

namespace shop::shipping {

std::optional<Shipment> find_shipment(banyan::View& view, const banyan::Uuid& shipment_id);
std::optional<Shipment> find_shipment_of_order(banyan::View& view, const banyan::Uuid& order_id);

/// Whether the carrier may have it.
bool is_released(banyan::View& view, const banyan::Uuid& shipment_id);
void release_shipment_of(banyan::Tx& tx, const banyan::Uuid& order_id);

/// Puts `shipment` into `state`, here and in the store, and publishes that.
void move_shipment(banyan::Tx& tx, Shipment& shipment, ShipmentState state, banyan::Timestamp now);

/// Notes that `shipment` has reached its state.
void add_tracking(banyan::Tx& tx, const Shipment& shipment, banyan::Timestamp now);

}  // namespace shop::shipping
