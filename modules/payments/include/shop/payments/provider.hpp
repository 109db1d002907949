#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "banyan/base/result.hpp"
#include "shop/payments/messages.hpp"

namespace shop::payments {

/// The service that holds the money. It is asked within the transaction that notes its answer, so it answers
/// at once, from what it knows, and forgets what it was asked when that transaction fails. A provider that
/// has to call the outside world does not belong behind this interface but into the preparation of each
/// command (banyan::module::Module::handles_prepared), which may wait, and repeats itself by the message's
/// id.
///
/// Errors refuse the command and leave the payment as it was; their reasons are those of the contract.
/// Threads: safe.
class PaymentProvider {
 public:
  virtual ~PaymentProvider() = default;
  /// How payments name it, at most 64 characters.
  virtual std::string_view name() const = 0;
  /// Sets the amount aside. Returns the provider's name for the payment, at most 128 characters; the same for
  /// the same order, always. Errors: card_declined, insufficient_funds, limit_exceeded,
  /// unknown_payment_method.
  virtual banyan::Result<std::string> authorise(const AuthorisePayment& request) const = 0;
  /// Takes all that was set aside. Errors: not_capturable.
  virtual banyan::Status capture(std::string_view reference) const = 0;
  /// Sets free what was set aside. Errors: not_voidable.
  virtual banyan::Status cancel(std::string_view reference) const = 0;
  /// Gives back `amount_minor` of what was taken, in its currency. Errors: not_refundable.
  virtual banyan::Status refund(std::string_view reference, std::int64_t amount_minor) const = 0;
};

/// The most that the built-in provider sets aside for one payment, in minor units.
inline constexpr std::int64_t built_in_limit_minor = 100'000'000;

/// A provider that moves no money and decides by the payment method:
///  - `tok_visa`, `tok_mastercard`: sets any amount up to built_in_limit_minor aside, refuses a larger one as
///    limit_exceeded;
///  - `tok_declined`: card_declined; `tok_insufficient_funds`: insufficient_funds; `tok_limit`:
///    limit_exceeded;
///  - any other: unknown_payment_method.
/// It captures, cancels and refunds whatever it is asked to.
std::shared_ptr<const PaymentProvider> built_in_provider();

}  // namespace shop::payments
