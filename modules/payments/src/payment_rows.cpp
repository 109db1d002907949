#include "payment_rows.hpp"

#include "refund_rows.hpp"

namespace shop::payments {
namespace {

Payment to_payment(const banyan::store::Rows& row) {
  const auto currency = row.get<std::string>(7);
  return {.payment_id = row.get<banyan::Uuid>(0),
          .version = row.get<std::int64_t>(1),
          .order_id = row.get<banyan::Uuid>(2),
          .customer_id = row.get<banyan::Uuid>(3),
          .state = row.get_as(4, parse_payment_state),
          .amount = {row.get<std::int64_t>(5), currency},
          .refunded = {row.get<std::int64_t>(6), currency},
          .provider = row.get<std::string>(8),
          .provider_reference = row.get<std::optional<std::string>>(9),
          .authorised_at = row.get<banyan::Timestamp>(10),
          .captured_at = row.get<std::optional<banyan::Timestamp>>(11)};
}

std::optional<Payment> first_payment(banyan::store::Rows rows) {
  return rows.next() ? std::optional{to_payment(rows)} : std::nullopt;
}

std::optional<Payment> with_refunds(banyan::View& view, std::optional<Payment> payment) {
  if (payment && payment->refunded.amount_minor > 0) {
    payment->refunds = refunds_of(view, payment->payment_id, payment->amount.currency);
  }
  return payment;
}

}  // namespace

std::optional<Payment> find_payment(banyan::View& view, const banyan::Uuid& payment_id) {
  return with_refunds(
      view,
      first_payment(view.query(
          R"(SELECT payment_id, version, order_id, customer_id, state, amount_minor, refunded_minor, currency,
                          provider, provider_reference, authorised_at, captured_at
                   FROM payments_payment WHERE payment_id = ?1)",
          payment_id)));
}

std::optional<Payment> find_payment_of_order(banyan::View& view, const banyan::Uuid& order_id) {
  return with_refunds(
      view,
      first_payment(view.query(
          R"(SELECT payment_id, version, order_id, customer_id, state, amount_minor, refunded_minor, currency,
                          provider, provider_reference, authorised_at, captured_at
                   FROM payments_payment WHERE order_id = ?1)",
          order_id)));
}

bool insert_payment(banyan::Tx& tx, const Payment& payment) {
  return tx.execute(
             R"(INSERT INTO payments_payment (payment_id, version, order_id, customer_id, state,
                                              amount_minor, currency, provider, provider_reference,
                                              authorised_at, changed_at)
                SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10
                WHERE NOT EXISTS (SELECT 1 FROM payments_closed_order WHERE order_id = ?3)
                ON CONFLICT (order_id) DO NOTHING)",
             payment.payment_id, payment.version, payment.order_id, payment.customer_id,
             to_string(payment.state), payment.amount.amount_minor, payment.amount.currency, payment.provider,
             payment.provider_reference, payment.authorised_at) == 1;
}

std::optional<Payment> capture_authorised(banyan::Tx& tx, const banyan::Uuid& order_id,
                                          banyan::Timestamp now) {
  return first_payment(tx.query(
      R"(UPDATE payments_payment
         SET state = 'captured', version = version + 1, captured_at = ?2, changed_at = ?2
         WHERE order_id = ?1 AND state = 'authorised'
         RETURNING payment_id, version, order_id, customer_id, state, amount_minor, refunded_minor, currency,
                   provider, provider_reference, authorised_at, captured_at)",
      order_id, now));
}

void update_state(banyan::Tx& tx, const Payment& payment, banyan::Timestamp now) {
  tx.execute(
      R"(UPDATE payments_payment SET state = ?2, version = ?3, refunded_minor = ?4, changed_at = ?5
         WHERE payment_id = ?1)",
      payment.payment_id, to_string(payment.state), payment.version, payment.refunded.amount_minor, now);
}

void close_order(banyan::Tx& tx, const banyan::Uuid& order_id, banyan::Timestamp now) {
  tx.execute(
      "INSERT INTO payments_closed_order (order_id, closed_at) VALUES (?1, ?2) "
      "ON CONFLICT (order_id) DO NOTHING",
      order_id, now);
}

bool is_closed(banyan::View& view, const banyan::Uuid& order_id) {
  return view.find<int>("SELECT 1 FROM payments_closed_order WHERE order_id = ?1", order_id).has_value();
}

}  // namespace shop::payments
