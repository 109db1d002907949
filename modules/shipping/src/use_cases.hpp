#pragma once
#include "banyan/module/module.hpp"
#include "shop/orders/messages.hpp"
#include "shop/shipping/carrier.hpp"
#include "shop/shipping/messages.hpp"

namespace shop::shipping {

using banyan::Context;
using banyan::Result;
using banyan::Status;
using banyan::Tx;
using banyan::View;

Result<ShipmentCreated> create_shipment(Tx& tx, const Carriers& carriers, const CreateShipment& command,
                                        const Context& context);
Result<ShipmentCancellation> cancel_shipment(Tx& tx, const CancelShipment& command, const Context& context);
Result<Shipment> advance_shipment(Tx& tx, const AdvanceShipment& command, const Context& context);

Status release_shipment(Tx& tx, const orders::OrderConfirmed& event, const Context& context);

Result<Shipment> get_shipment(View& view, const GetShipment& query, const Context& context);
Result<ShipmentPage> list_shipments(View& view, const ListShipments& query, const Context& context);

}  // namespace shop::shipping
