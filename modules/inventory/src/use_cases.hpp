#pragma once
#include "banyan/module/module.hpp"
#include "shop/inventory/messages.hpp"
#include "shop/orders/messages.hpp"

namespace shop::inventory {

using banyan::Context;
using banyan::Result;
using banyan::Status;
using banyan::Tx;
using banyan::View;

Result<ProductAddition> add_product(Tx& tx, const AddProduct& command, const Context& context);
Result<Product> change_product(Tx& tx, const ChangeProduct& command, const Context& context);
Result<Product> restock_product(Tx& tx, const RestockProduct& command, const Context& context);
Result<StockReserved> reserve_stock(Tx& tx, const ReserveStock& command, const Context& context);
Result<StockReleaseResult> release_stock(Tx& tx, const ReleaseStock& command, const Context& context);

Result<Product> get_product(View& view, const GetProduct& query, const Context& context);
Result<ProductPage> list_products(View& view, const ListProducts& query, const Context& context);
Result<ProductMatches> search_products(View& view, const SearchProducts& query, const Context& context);
Result<Reservation> get_reservation(View& view, const GetReservation& query, const Context& context);

Status sell_to_order(Tx& tx, const orders::OrderConfirmed& event, const Context& context);
Status release_cancelled(Tx& tx, const orders::OrderCancelled& event, const Context& context);

Status expire_reservations(Tx& tx, const Context& context);

}  // namespace shop::inventory
