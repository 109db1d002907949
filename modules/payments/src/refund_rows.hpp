#pragma once
#include <optional>
#include <string>
#include <vector>

#include "banyan/module/module.hpp"
#include "shop/payments/messages.hpp"

namespace shop::payments {

/// The answer that a refund got.
std::optional<RefundReceipt> find_refund(banyan::View& view, const banyan::Uuid& refund_id);
/// The refunds that gave something back, the oldest first.
std::vector<Refund> refunds_of(banyan::View& view, const banyan::Uuid& payment_id,
                               const std::string& currency);
void insert_refund(banyan::Tx& tx, const RefundReceipt& refund, const std::optional<std::string>& reason,
                   banyan::Timestamp now);

}  // namespace shop::payments
