#include "reservation_rows.hpp"

#include "reservation_rules.hpp"

namespace shop::inventory {
namespace {

std::vector<StockLine> read_stock_lines(banyan::store::Rows rows) {
  std::vector<StockLine> lines;
  while (rows.next()) lines.push_back({rows.get<banyan::Uuid>(0), rows.get<std::int64_t>(1)});
  return lines;
}

}  // namespace

std::optional<ReservationHead> find_reservation(banyan::View& view, const banyan::Uuid& order_id) {
  auto rows = view.query(
      "SELECT customer_id, state, expires_at FROM inventory_reservation WHERE order_id = ?1", order_id);
  if (!rows.next()) return std::nullopt;
  return ReservationHead{.order_id = order_id,
                         .customer_id = rows.get<std::optional<banyan::Uuid>>(0),
                         .state = rows.get_as(1, parse_reservation_state),
                         .expires_at = rows.get<banyan::Timestamp>(2)};
}

std::vector<ReservedLine> lines_of(banyan::View& view, const banyan::Uuid& order_id) {
  auto rows = view.query(
      R"(SELECT product_id, quantity, price_minor, currency FROM inventory_reservation_line
         WHERE order_id = ?1 ORDER BY line)",
      order_id);
  std::vector<ReservedLine> lines;
  while (rows.next()) {
    lines.push_back({.product_id = rows.get<banyan::Uuid>(0),
                     .quantity = rows.get<std::int64_t>(1),
                     .unit_price = {rows.get<std::int64_t>(2), rows.get<std::string>(3)}});
  }
  return lines;
}

std::vector<StockLine> units_kept_for(banyan::View& view, const banyan::Uuid& order_id) {
  return without(
      read_stock_lines(view.query(
          "SELECT product_id, quantity FROM inventory_reservation_line WHERE order_id = ?1 ORDER BY line",
          order_id)),
      read_stock_lines(
          view.query("SELECT product_id, quantity FROM inventory_shortfall WHERE order_id = ?1", order_id)));
}

bool insert_reservation(banyan::Tx& tx, const ReservationHead& head) {
  const banyan::Context& context = tx.context();
  return tx.execute(
             R"(INSERT INTO inventory_reservation
                  (order_id, customer_id, state, expires_at, changed_at, expires)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (order_id) DO NOTHING)",
             head.order_id, head.customer_id, to_string(head.state), head.expires_at, context.now,
             context.age + (head.expires_at - context.now)) == 1;
}

std::optional<banyan::Money> insert_line(banyan::Tx& tx, const banyan::Uuid& order_id, std::int64_t number,
                                         const StockLine& line) {
  auto rows = tx.query(
      R"(INSERT INTO inventory_reservation_line (order_id, line, product_id, quantity, price_minor, currency)
         SELECT ?1, ?2, product_id, ?4, price_minor, currency FROM inventory_product WHERE product_id = ?3
         RETURNING price_minor, currency)",
      order_id, number, line.product_id, line.quantity);
  if (!rows.next()) return std::nullopt;
  return banyan::Money{rows.get<std::int64_t>(0), rows.get<std::string>(1)};
}

bool change_state(banyan::Tx& tx, const banyan::Uuid& order_id, ReservationState from, ReservationState to,
                  banyan::Timestamp now) {
  return tx.execute(
             "UPDATE inventory_reservation SET state = ?3, changed_at = ?4 WHERE order_id = ?1 AND state = "
             "?2",
             order_id, to_string(from), to_string(to), now) == 1;
}

}  // namespace shop::inventory
