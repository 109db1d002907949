#include "shop/payments/module.hpp"

#include <utility>

#include "migrations.hpp"
#include "shop/payments/contract.hpp"
#include "shop/payments/http.hpp"
#include "use_cases.hpp"

namespace shop::payments {
namespace {

/// A handler that asks `provider`.
template <class Command, class Answer>
auto with(std::shared_ptr<const PaymentProvider> provider,
          Result<Answer> (*handler)(Tx&, const PaymentProvider&, const Command&, const Context&)) {
  return [provider = std::move(provider), handler](Tx& tx, const Command& command, const Context& context) {
    return handler(tx, *provider, command, context);
  };
}

}  // namespace

banyan::module::Module payments(std::shared_ptr<const PaymentProvider> provider) {
  return banyan::module::Module{"payments", messages()}
      .migrates(migrations())
      .serves(http())
      .handles<AuthorisePayment>(with(provider, authorise_payment))
      .handles<CapturePayment>(with(provider, capture_payment))
      .handles<VoidPayment>(with(provider, void_payment))
      .handles<RefundPayment>(with(provider, refund_payment))
      .answers<GetPayment>(get_payment)
      .answers<ListPayments>(list_payments)
      .answers<GetInvoice>(get_invoice)
      .answers<ListInvoices>(list_invoices)
      .on<PaymentSettled>(issue_invoice);
}

}  // namespace shop::payments
