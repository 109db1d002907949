#pragma once
#include "banyan/module/module.hpp"
#include "shop/payments/messages.hpp"
#include "shop/payments/provider.hpp"

namespace shop::payments {

using banyan::Context;
using banyan::Result;
using banyan::Status;
using banyan::Tx;
using banyan::View;

Result<PaymentAuthorised> authorise_payment(Tx& tx, const PaymentProvider& provider,
                                            const AuthorisePayment& command, const Context& context);
Result<CaptureReceipt> capture_payment(Tx& tx, const PaymentProvider& provider, const CapturePayment& command,
                                       const Context& context);
Result<VoidReceipt> void_payment(Tx& tx, const PaymentProvider& provider, const VoidPayment& command,
                                 const Context& context);
Result<RefundReceipt> refund_payment(Tx& tx, const PaymentProvider& provider, const RefundPayment& command,
                                     const Context& context);

Result<Payment> get_payment(View& view, const GetPayment& query, const Context& context);
Result<PaymentPage> list_payments(View& view, const ListPayments& query, const Context& context);
Result<Invoice> get_invoice(View& view, const GetInvoice& query, const Context& context);
Result<InvoicePage> list_invoices(View& view, const ListInvoices& query, const Context& context);

Status issue_invoice(Tx& tx, const PaymentSettled& event, const Context& context);

}  // namespace shop::payments
