#pragma once
#include <optional>
#include <string>

#include "banyan/base/money.hpp"
#include "shop/inventory/messages.hpp"
#include "shop/notifications/messages.hpp"
#include "shop/orders/messages.hpp"
#include "shop/payments/messages.hpp"
#include "shop/shipping/messages.hpp"

namespace shop::notifications {

/// The text that an event sends to a customer.
struct Letter {
  Template about{};
  banyan::Uuid customer_id{};
  banyan::Uuid order_id{};
  std::string subject{};
  std::string body{};
};

Letter letter_about(const orders::OrderConfirmed& event);
Letter letter_about(const orders::OrderCancelled& event);
Letter letter_about(const inventory::StockReleased& event);
Letter letter_about(const payments::InvoiceIssued& event);
Letter letter_about(const payments::PaymentRefunded& event);
/// Nothing for the states that a customer need not hear of.
std::optional<Letter> letter_about(const shipping::ShipmentStateChanged& event);

/// "248.38 USD", with as many decimals as the currency has.
std::string in_words(const banyan::Money& money);

}  // namespace shop::notifications
