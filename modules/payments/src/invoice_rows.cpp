#include "invoice_rows.hpp"

namespace shop::payments {
namespace {

std::vector<Invoice> read_invoices(banyan::store::Rows rows) {
  std::vector<Invoice> invoices;
  while (rows.next()) {
    invoices.push_back({.invoice_id = rows.get<banyan::Uuid>(0),
                        .number = rows.get<std::int64_t>(1),
                        .order_id = rows.get<banyan::Uuid>(2),
                        .customer_id = rows.get<banyan::Uuid>(3),
                        .payment_id = rows.get<banyan::Uuid>(4),
                        .total = {rows.get<std::int64_t>(5), rows.get<std::string>(6)},
                        .issued_at = rows.get<banyan::Timestamp>(7)});
  }
  return invoices;
}

std::optional<Invoice> first_of(std::vector<Invoice> invoices) {
  return invoices.empty() ? std::nullopt : std::optional{std::move(invoices.front())};
}

}  // namespace

std::optional<Invoice> find_invoice(banyan::View& view, const banyan::Uuid& invoice_id) {
  return first_of(read_invoices(view.query(
      R"(SELECT invoice_id, number, order_id, customer_id, payment_id, total_minor, currency, issued_at
         FROM payments_invoice WHERE invoice_id = ?1)",
      invoice_id)));
}

std::optional<Invoice> find_invoice_of_order(banyan::View& view, const banyan::Uuid& order_id) {
  return first_of(read_invoices(view.query(
      R"(SELECT invoice_id, number, order_id, customer_id, payment_id, total_minor, currency, issued_at
         FROM payments_invoice WHERE order_id = ?1)",
      order_id)));
}

std::vector<Invoice> invoices_after(banyan::View& view, std::int64_t number, std::int64_t count_max) {
  return read_invoices(view.query(
      R"(SELECT invoice_id, number, order_id, customer_id, payment_id, total_minor, currency, issued_at
         FROM payments_invoice WHERE number > ?1 ORDER BY number LIMIT ?2)",
      number, count_max));
}

// SQLite takes one more than the largest number: there is no gap, as no invoice is ever deleted, and a
// transaction that fails takes its number back.
std::int64_t insert_invoice(banyan::Tx& tx, const Invoice& invoice) {
  tx.execute(
      R"(INSERT INTO payments_invoice (invoice_id, order_id, payment_id, customer_id, total_minor, currency,
                                       issued_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7))",
      invoice.invoice_id, invoice.order_id, invoice.payment_id, invoice.customer_id,
      invoice.total.amount_minor, invoice.total.currency, invoice.issued_at);
  return tx.last_insert_id();
}

}  // namespace shop::payments
