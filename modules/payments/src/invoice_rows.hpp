#pragma once
#include <optional>
#include <vector>

#include "banyan/module/module.hpp"
#include "shop/payments/messages.hpp"

namespace shop::payments {

std::optional<Invoice> find_invoice(banyan::View& view, const banyan::Uuid& invoice_id);
std::optional<Invoice> find_invoice_of_order(banyan::View& view, const banyan::Uuid& order_id);
/// The next `count_max` invoices behind `number`.
std::vector<Invoice> invoices_after(banyan::View& view, std::int64_t number, std::int64_t count_max);

/// Adds an invoice under the next number, which it returns.
std::int64_t insert_invoice(banyan::Tx& tx, const Invoice& invoice);

}  // namespace shop::payments
