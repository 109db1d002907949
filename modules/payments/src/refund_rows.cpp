#include "refund_rows.hpp"

namespace shop::payments {

std::optional<RefundReceipt> find_refund(banyan::View& view, const banyan::Uuid& refund_id) {
  auto rows = view.query(
      R"(SELECT payment_id, order_id, refund.amount_minor, refund.refunded_minor, currency
         FROM payments_refund AS refund JOIN payments_payment USING (payment_id)
         WHERE refund_id = ?1)",
      refund_id);
  if (!rows.next()) return std::nullopt;
  const auto currency = rows.get<std::string>(4);
  return RefundReceipt{.refund_id = refund_id,
                       .payment_id = rows.get<banyan::Uuid>(0),
                       .order_id = rows.get<banyan::Uuid>(1),
                       .amount = {rows.get<std::int64_t>(2), currency},
                       .refunded = {rows.get<std::int64_t>(3), currency}};
}

std::vector<Refund> refunds_of(banyan::View& view, const banyan::Uuid& payment_id,
                               const std::string& currency) {
  auto rows = view.query(
      R"(SELECT refund_id, amount_minor, reason, refunded_at FROM payments_refund
         WHERE payment_id = ?1 AND amount_minor > 0 ORDER BY refunded_minor)",
      payment_id);
  std::vector<Refund> refunds;
  while (rows.next()) {
    refunds.push_back({.refund_id = rows.get<banyan::Uuid>(0),
                       .amount = {rows.get<std::int64_t>(1), currency},
                       .reason = rows.get<std::optional<std::string>>(2),
                       .refunded_at = rows.get<banyan::Timestamp>(3)});
  }
  return refunds;
}

void insert_refund(banyan::Tx& tx, const RefundReceipt& refund, const std::optional<std::string>& reason,
                   banyan::Timestamp now) {
  tx.execute(
      R"(INSERT INTO payments_refund (payment_id, refund_id, amount_minor, refunded_minor, reason,
                                      refunded_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6))",
      refund.payment_id, refund.refund_id, refund.amount.amount_minor, refund.refunded.amount_minor, reason,
      now);
}

}  // namespace shop::payments
