#pragma once
#include <optional>

#include "banyan/module/module.hpp"
#include "shop/payments/messages.hpp"

namespace shop::payments {

/// The payment with its refunds.
std::optional<Payment> find_payment(banyan::View& view, const banyan::Uuid& payment_id);
std::optional<Payment> find_payment_of_order(banyan::View& view, const banyan::Uuid& order_id);

/// False, and nothing changed, if the order has a payment or is closed.
bool insert_payment(banyan::Tx& tx, const Payment& payment);
/// Notes that an authorised payment is captured, and returns it; nothing if the order has no such payment.
std::optional<Payment> capture_authorised(banyan::Tx& tx, const banyan::Uuid& order_id,
                                          banyan::Timestamp now);
void update_state(banyan::Tx& tx, const Payment& payment, banyan::Timestamp now);

/// The order, which has no payment, gets none from now on.
void close_order(banyan::Tx& tx, const banyan::Uuid& order_id, banyan::Timestamp now);
bool is_closed(banyan::View& view, const banyan::Uuid& order_id);

}  // namespace shop::payments
