#include "letters.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace shop::notifications {
namespace {

/// ISO 4217: two decimals but for these.
std::size_t decimals_of(std::string_view currency) {
  constexpr std::array<std::string_view, 15> none{"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW",
                                                  "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF"};
  constexpr std::array<std::string_view, 7> three{"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};
  if (std::find(none.begin(), none.end(), currency) != none.end()) return 0;
  return std::find(three.begin(), three.end(), currency) != three.end() ? 3 : 2;
}

template <class Line>
std::string units_of(const std::vector<Line>& lines) {
  std::int64_t units = 0;
  for (const Line& line : lines) units += line.quantity;
  return std::to_string(units) + (units == 1 ? " unit" : " units");
}

std::string order_named(const banyan::Uuid& order_id) { return "order " + to_string(order_id); }

Letter shipment_letter(const shipping::ShipmentStateChanged& event, Template about, std::string subject,
                       std::string_view what_happened) {
  return {.about = about,
          .customer_id = event.customer_id,
          .order_id = event.order_id,
          .subject = std::move(subject),
          .body = "The shipment of your " + order_named(event.order_id) + " " + std::string{what_happened} +
                  ".\n\nCarrier: " + event.carrier + "\nTracking number: " + event.tracking_number + "\n"};
}

}  // namespace

std::string in_words(const banyan::Money& money) {
  const std::size_t decimals = decimals_of(money.currency);
  std::string digits = std::to_string(money.amount_minor);
  const bool is_negative = digits.front() == '-';
  if (is_negative) digits.erase(0, 1);
  if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
  if (decimals > 0) digits.insert(digits.size() - decimals, ".");
  return (is_negative ? "-" : "") + digits + " " + money.currency;
}

Letter letter_about(const orders::OrderConfirmed& event) {
  return {.about = Template::order_confirmed,
          .customer_id = event.customer_id,
          .order_id = event.order_id,
          .subject = "Your order is confirmed",
          .body = "Thank you. Your " + order_named(event.order_id) +
                  " is confirmed: " + units_of(event.lines) + " for " + in_words(event.total) + ".\n"};
}

Letter letter_about(const orders::OrderCancelled& event) {
  const std::string_view what = event.was_confirmed ? " is cancelled: " : " could not be completed: ";
  return {.about = Template::order_cancelled,
          .customer_id = event.customer_id,
          .order_id = event.order_id,
          .subject = "Your order is cancelled",
          .body = "Your " + order_named(event.order_id) + std::string{what} +
                  (event.reason.empty() ? event.code : event.reason) + ".\n"};
}

Letter letter_about(const inventory::StockReleased& event) {
  const bool is_expired = event.reason == inventory::ReleaseReason::expired;
  return {
      .about = Template::stock_released,
      .customer_id = event.customer_id,
      .order_id = event.order_id,
      .subject = "Your reserved items are available to others again",
      .body = "We no longer keep the " + units_of(event.lines) + " of your " + order_named(event.order_id) +
              ", because " +
              (is_expired ? "it was not confirmed in time" : "it was cancelled or could not be completed") +
              ".\n"};
}

Letter letter_about(const payments::InvoiceIssued& event) {
  return {.about = Template::invoice_issued,
          .customer_id = event.customer_id,
          .order_id = event.order_id,
          .subject = "Invoice " + std::to_string(event.number),
          .body = "Invoice " + std::to_string(event.number) + " for your " + order_named(event.order_id) +
                  ": " + in_words(event.total) + ", paid.\n"};
}

Letter letter_about(const payments::PaymentRefunded& event) {
  return {.about = Template::payment_refunded,
          .customer_id = event.customer_id,
          .order_id = event.order_id,
          .subject = "We have refunded " + in_words(event.amount),
          .body = "We have given back " + in_words(event.amount) + " of your " + order_named(event.order_id) +
                  (event.reason ? ": " + *event.reason : "") + ".\n"};
}

std::optional<Letter> letter_about(const shipping::ShipmentStateChanged& event) {
  switch (event.state) {
    case shipping::ShipmentState::picked_up:
      return shipment_letter(event, Template::shipment_picked_up, "Your order is on its way",
                             "is on its way");
    case shipping::ShipmentState::delivered:
      return shipment_letter(event, Template::shipment_delivered, "Your order has arrived", "has arrived");
    case shipping::ShipmentState::returned:
      return shipment_letter(event, Template::shipment_returned, "Your order came back to us",
                             "came back to us");
    case shipping::ShipmentState::created:
    case shipping::ShipmentState::in_transit:
    case shipping::ShipmentState::cancelled:
      break;
  }
  return std::nullopt;
}

}  // namespace shop::notifications
