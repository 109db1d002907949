#include "order_rows.hpp"

namespace shop::orders {

using banyan::Money;
using banyan::Timestamp;
using banyan::Uuid;
using std::optional;
using std::string;

namespace {

optional<Money> money(optional<std::int64_t> minor, const optional<string>& currency) {
  return minor ? optional<Money>{{*minor, *currency}} : std::nullopt;
}

optional<std::int64_t> minor(const optional<Money>& amount) {
  return amount ? optional{amount->amount_minor} : std::nullopt;
}

optional<string> known_currency(const Checkout& checkout) {
  if (checkout.freight) return checkout.freight->currency;
  for (const CheckoutLine& line : checkout.lines) {
    if (line.unit_price) return line.unit_price->currency;
  }
  return std::nullopt;
}

Order to_order(const banyan::store::Rows& row) {
  const auto currency = row.get<optional<string>>(4);
  return {.order_id = row.get<Uuid>(0),
          .version = row.get<std::int64_t>(1),
          .customer_id = row.get<Uuid>(2),
          .status = parse_order_status(row.get<std::string_view>(3)).value(),
          .reference = row.get<optional<string>>(5),
          .freight = money(row.get<optional<std::int64_t>>(6), currency),
          .total = money(row.get<optional<std::int64_t>>(7), currency),
          .ship_to = {.name = row.get<string>(8),
                      .street = row.get<string>(9),
                      .city = row.get<string>(10),
                      .region = row.get<optional<string>>(11),
                      .postal_code = row.get<optional<string>>(12),
                      .country = row.get<string>(13)},
          .carrier = row.get<optional<string>>(14),
          .payment_id = row.get<optional<Uuid>>(15),
          .shipment_id = row.get<optional<Uuid>>(16),
          .tracking_number = row.get<optional<string>>(17),
          .cancel_code = row.get<optional<string>>(18),
          .cancel_reason = row.get<optional<string>>(19),
          .placed_at = row.get<Timestamp>(20),
          .changed_at = row.get<Timestamp>(21)};
}

}  // namespace

optional<Order> find_order(banyan::View& view, const Uuid& order_id) {
  auto row = view.query(
      R"(SELECT order_id, version, customer_id, status, currency, reference, freight_minor, total_minor,
                ship_name, ship_street, ship_city, ship_region, ship_postal_code, ship_country, carrier,
                payment_id, shipment_id, tracking_number, cancel_code, cancel_reason, placed_at, changed_at
         FROM orders_order WHERE order_id = ?1)",
      order_id);
  if (!row.next()) return std::nullopt;
  Order order = to_order(row);
  order.lines = lines_of(view, order_id, row.get<optional<string>>(4));
  return order;
}

std::vector<PricedLine> lines_of(banyan::View& view, const Uuid& order_id, const optional<string>& currency) {
  std::vector<PricedLine> lines;
  auto rows = view.query(
      "SELECT product_id, quantity, discount_percent, price_minor, total_minor FROM orders_line "
      "WHERE order_id = ?1 ORDER BY line",
      order_id);
  while (rows.next()) {
    lines.push_back({.product_id = rows.get<Uuid>(0),
                     .quantity = rows.get<std::int64_t>(1),
                     .discount_percent = rows.get<std::int64_t>(2),
                     .unit_price = money(rows.get<optional<std::int64_t>>(3), currency),
                     .total = money(rows.get<optional<std::int64_t>>(4), currency)});
  }
  return lines;
}

optional<OrderStatus> find_status(banyan::View& view, const Uuid& order_id) {
  const auto text = view.find<string>("SELECT status FROM orders_order WHERE order_id = ?1", order_id);
  return text ? parse_order_status(*text) : std::nullopt;
}

void insert_order(banyan::Tx& tx, const Checkout& checkout, const optional<string>& reference,
                  Timestamp now) {
  const Address& to = checkout.ship_to;
  tx.execute(
      R"(INSERT INTO orders_order (order_id, version, customer_id, status, reference, currency, freight_minor,
                                   ship_name, ship_street, ship_city, ship_region, ship_postal_code,
                                   ship_country, carrier, placed_at, changed_at)
         VALUES (?1, 1, ?2, 'placed', ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?13))",
      checkout.order_id, checkout.customer_id, reference, known_currency(checkout), minor(checkout.freight),
      to.name, to.street, to.city, to.region, to.postal_code, to.country, checkout.carrier, now);
  std::int64_t number = 0;
  for (const CheckoutLine& line : checkout.lines) {
    tx.execute(
        "INSERT INTO orders_line (order_id, line, product_id, quantity, discount_percent, price_minor) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        checkout.order_id, number++, line.product_id, line.quantity, line.discount_percent,
        minor(line.unit_price));
  }
}

void set_status(banyan::Tx& tx, const Uuid& order_id, OrderStatus status, Timestamp now) {
  tx.execute(
      "UPDATE orders_order SET status = ?2, version = version + 1, changed_at = ?3 WHERE order_id = ?1",
      order_id, to_string(status), now);
}

void add_history(banyan::Tx& tx, const Uuid& order_id, const HistoryEntry& entry) {
  tx.execute(
      R"(INSERT INTO orders_history (order_id, entry, at, step, outcome, detail)
         SELECT ?1, coalesce(max(entry), -1) + 1, ?2, ?3, ?4, ?5 FROM orders_history WHERE order_id = ?1)",
      order_id, entry.at, entry.step, entry.outcome, entry.detail);
}

}  // namespace shop::orders
