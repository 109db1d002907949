#pragma once
#include "banyan/module/module.hpp"
#include "shop/orders/messages.hpp"
#include "shop/shipping/messages.hpp"
#include "shop/users/messages.hpp"

namespace shop::orders {

using banyan::Context;
using banyan::Error;
using banyan::Result;
using banyan::Status;
using banyan::Tx;
using banyan::View;

Result<OrderAccepted> place_order(Tx& tx, const PlaceOrder& command, const Context& context);
Result<OrderCancellation> cancel_order(Tx& tx, const CancelOrder& command, const Context& context);

Result<Order> get_order(View& view, const GetOrder& query, const Context& context);
Result<OrderPage> list_orders(View& view, const ListOrders& query, const Context& context);

Status remember_customer(Tx& tx, const users::CustomerRegistered& event, const Context& context);
Status follow_shipment(Tx& tx, const shipping::ShipmentStateChanged& event, const Context& context);

}  // namespace shop::orders
