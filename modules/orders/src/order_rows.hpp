#pragma once
#include <optional>

#include "banyan/module/module.hpp"
#include "shop/orders/messages.hpp"

namespace shop::orders {

/// The order without its history.
std::optional<Order> find_order(banyan::View& view, const banyan::Uuid& order_id);
std::optional<OrderStatus> find_status(banyan::View& view, const banyan::Uuid& order_id);
std::vector<PricedLine> lines_of(banyan::View& view, const banyan::Uuid& order_id,
                                 const std::optional<std::string>& currency);

void insert_order(banyan::Tx& tx, const Checkout& checkout, const std::optional<std::string>& reference,
                  banyan::Timestamp now);
void set_status(banyan::Tx& tx, const banyan::Uuid& order_id, OrderStatus status, banyan::Timestamp now);
/// Notes what no saga records by itself.
void add_history(banyan::Tx& tx, const banyan::Uuid& order_id, const HistoryEntry& entry);

}  // namespace shop::orders
