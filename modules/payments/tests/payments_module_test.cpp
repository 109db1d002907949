#define BOOST_TEST_MODULE payments_module
#include <boost/test/unit_test.hpp>

#include "banyan/testing/world.hpp"
#include "shop/payments/module.hpp"
#include "shop/payments/reasons.hpp"

using namespace shop::payments;
using namespace std::chrono_literals;
using banyan::Money;
using banyan::Result;
using banyan::Status;
using banyan::Uuid;
using banyan::testing::Topologies;
using banyan::testing::World;

namespace {

Uuid id(std::uint8_t number) {
  Uuid made;
  made.bytes.back() = std::byte{number};
  return made;
}

template <class T>
void check_refused(const Result<T>& outcome, const banyan::Reason& reason) {
  BOOST_REQUIRE(!outcome.ok());
  BOOST_TEST(outcome.error().reason() == reason.name);
  BOOST_CHECK(outcome.error().code() == reason.code);
}

struct Heard {
  std::vector<PaymentCaptured> captured;
  std::vector<PaymentRefunded> refunded;
  std::vector<InvoiceIssued> invoices;
};

banyan::module::Module listener(Heard& heard) {
  return banyan::module::Module{"listener", {}}
      .on<PaymentCaptured>([&heard](banyan::Tx&, const PaymentCaptured& event, const banyan::Context&) {
        heard.captured.push_back(event);
        return banyan::success();
      })
      .on<PaymentRefunded>([&heard](banyan::Tx&, const PaymentRefunded& event, const banyan::Context&) {
        heard.refunded.push_back(event);
        return banyan::success();
      })
      .on<InvoiceIssued>([&heard](banyan::Tx&, const InvoiceIssued& event, const banyan::Context&) {
        heard.invoices.push_back(event);
        return banyan::success();
      });
}

/// Sets everything aside, then refuses whatever it is told to.
class StubbornProvider final : public PaymentProvider {
 public:
  std::string_view name() const override { return "stubborn"; }
  Result<std::string> authorise(const AuthorisePayment&) const override { return std::string{"ref"}; }
  Status capture(std::string_view) const override {
    return refuses_capture ? Status{reject(not_capturable)} : banyan::success();
  }
  Status cancel(std::string_view) const override { return reject(not_voidable); }
  Status refund(std::string_view, std::int64_t) const override { return reject(not_refundable); }

  bool refuses_capture = true;
};

struct Till {
  explicit Till(banyan::testing::Passage passage = banyan::testing::Passage::direct,
                std::shared_ptr<const PaymentProvider> provider = built_in_provider())
      : world{{payments(std::move(provider)), listener(heard)}, {.passage = passage}} {}

  Result<PaymentAuthorised> authorise(std::uint8_t order, std::int64_t amount_minor = 1000,
                                      std::string method = "tok_visa") {
    return world.call(AuthorisePayment{.order_id = id(order),
                                       .customer_id = id(200),
                                       .amount = {amount_minor, "USD"},
                                       .payment_method = std::move(method)});
  }
  Result<CaptureReceipt> capture(std::uint8_t order) {
    return world.call(CapturePayment{.order_id = id(order)});
  }
  Result<VoidReceipt> void_payment(std::uint8_t order) {
    return world.call(VoidPayment{.order_id = id(order)});
  }
  Uuid pay(std::uint8_t order, std::int64_t amount_minor = 1000) {
    BOOST_REQUIRE(authorise(order, amount_minor).ok());
    return capture(order).value().payment_id;
  }
  Result<RefundReceipt> refund(const Uuid& payment, std::optional<Uuid> refund_id,
                               std::optional<Money> amount = {}) {
    return world.call(RefundPayment{.payment_id = payment,
                                    .refund_id = refund_id,
                                    .amount = std::move(amount),
                                    .reason = "A box was damaged"});
  }
  Payment get(const Uuid& payment) { return world.call(GetPayment{.payment_id = payment}).value(); }
  Payment of_order(std::uint8_t order) {
    return world.call(ListPayments{.order_id = id(order)}).value().items.at(0);
  }

  Heard heard;
  World world;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(authorising, Till)

BOOST_AUTO_TEST_CASE(sets_the_amount_aside_and_tells_nobody) {
  const auto authorised = authorise(1);
  BOOST_REQUIRE(authorised.ok());
  BOOST_CHECK((authorised.value().amount == Money{1000, "USD"}));
  const Uuid payment = authorised.value().payment_id;
  BOOST_CHECK((get(payment) == Payment{.payment_id = payment,
                                       .version = 1,
                                       .order_id = id(1),
                                       .customer_id = id(200),
                                       .state = PaymentState::authorised,
                                       .amount = {1000, "USD"},
                                       .refunded = {0, "USD"},
                                       .provider = "built_in",
                                       .provider_reference = "auth_" + to_string(id(1)),
                                       .authorised_at = world.clock().utc()}));
  BOOST_TEST(heard.captured.empty());
}

BOOST_AUTO_TEST_CASE(answers_a_repeat_as_the_first_time_whatever_it_says) {
  const auto first = authorise(1);
  BOOST_CHECK(authorise(1).value() == first.value());
  BOOST_CHECK(authorise(1, 5000).value() == first.value());
  BOOST_CHECK(authorise(1, 1000, "tok_declined").value() == first.value());
  BOOST_REQUIRE(capture(1).ok());
  BOOST_CHECK(authorise(1).value() == first.value());
}

BOOST_AUTO_TEST_CASE(passes_on_what_the_provider_refuses_and_keeps_no_payment) {
  check_refused(authorise(1, 1000, "tok_declined"), card_declined);
  check_refused(authorise(1, 1000, "tok_insufficient_funds"), insufficient_funds);
  check_refused(authorise(1, 1000, "tok_limit"), limit_exceeded);
  check_refused(authorise(1, 1000, "tok_nobody"), unknown_payment_method);
  check_refused(authorise(1, built_in_limit_minor + 1), limit_exceeded);
  BOOST_TEST(world.call(ListPayments{}).value().items.empty());
  BOOST_TEST(authorise(1).ok());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(capturing)

BOOST_AUTO_TEST_CASE_TEMPLATE(takes_the_money_once_and_issues_one_invoice, Topology, Topologies) {
  Till till{Topology::passage};
  const Uuid payment = till.pay(1);
  const auto receipt = till.capture(1);
  till.world.advance(1s, 1s);
  BOOST_CHECK(till.capture(1).value() == receipt.value());

  BOOST_CHECK(till.get(payment).state == PaymentState::captured);
  BOOST_TEST(till.get(payment).version == 2);
  BOOST_CHECK(till.get(payment).captured_at == receipt.value().captured_at);
  BOOST_REQUIRE(till.heard.captured.size() == 1U);
  BOOST_CHECK(
      (till.heard.captured.front() ==
       PaymentCaptured{
           .payment_id = payment, .order_id = id(1), .customer_id = id(200), .amount = {1000, "USD"}}));
  BOOST_REQUIRE(till.heard.invoices.size() == 1U);
  const Invoice invoice = till.world.call(ListInvoices{.order_id = id(1)}).value().items.at(0);
  BOOST_CHECK((invoice == Invoice{.invoice_id = till.heard.invoices.front().invoice_id,
                                  .number = 1,
                                  .order_id = id(1),
                                  .customer_id = id(200),
                                  .payment_id = payment,
                                  .total = {1000, "USD"},
                                  .issued_at = receipt.value().captured_at}));
  BOOST_CHECK(till.world.call(GetInvoice{.invoice_id = invoice.invoice_id}).value() == invoice);
}

BOOST_FIXTURE_TEST_CASE(is_refused_without_a_payment_and_after_it_was_voided, Till) {
  check_refused(capture(1), unknown_payment);
  authorise(2).value();
  void_payment(2).value();
  check_refused(capture(2), not_capturable);
  BOOST_TEST(heard.invoices.empty());
}

BOOST_FIXTURE_TEST_CASE(answers_a_repeat_as_the_first_time_after_a_refund_too, Till) {
  const Uuid payment = pay(1);
  const auto first = capture(1);
  refund(payment, id(50)).value();
  BOOST_CHECK(capture(1).value() == first.value());
  BOOST_CHECK(get(payment).state == PaymentState::refunded);
  BOOST_TEST(heard.captured.size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(numbers_invoices_without_gaps_whatever_fails_between, Till) {
  for (std::uint8_t order = 1; order <= 5; ++order) {
    pay(order);
    static_cast<void>(capture(100));
    static_cast<void>(authorise(101, 1, "tok_declined"));
    if (order == 3) world.restart();
  }
  const auto invoices = world.call(ListInvoices{}).value().items;
  BOOST_REQUIRE(invoices.size() == 5U);
  for (std::uint8_t order = 1; order <= 5; ++order) {
    BOOST_TEST(invoices[order - 1U].number == order);
    BOOST_CHECK(invoices[order - 1U].order_id == id(order));
  }
}

BOOST_AUTO_TEST_CASE(leaves_no_gap_where_the_provider_refused) {
  const auto provider = std::make_shared<StubbornProvider>();
  Till till{banyan::testing::Passage::direct, provider};
  till.authorise(1).value();
  check_refused(till.capture(1), not_capturable);
  BOOST_CHECK(till.of_order(1).state == PaymentState::authorised);
  BOOST_TEST(till.heard.captured.empty());
  provider->refuses_capture = false;
  BOOST_REQUIRE(till.capture(1).ok());
  BOOST_TEST(till.heard.invoices.at(0).number == 1);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(voiding, Till)

BOOST_AUTO_TEST_CASE(sets_the_money_free_once_and_ends_the_payment) {
  const Uuid payment = authorise(1).value().payment_id;
  BOOST_TEST(void_payment(1).value().voided);
  BOOST_TEST(!void_payment(1).value().voided);
  BOOST_CHECK(get(payment).state == PaymentState::voided);
  BOOST_TEST(get(payment).version == 2);
  check_refused(authorise(1), payment_closed);
  check_refused(authorise(1, 1000, "tok_declined"), payment_closed);
}

BOOST_AUTO_TEST_CASE(voiding_what_does_not_exist_is_fine_and_closes_the_order) {
  BOOST_TEST(!void_payment(1).value().voided);
  BOOST_TEST(!void_payment(1).value().voided);
  check_refused(authorise(1), payment_closed);
  check_refused(authorise(1, 1000, "tok_declined"), payment_closed);
  BOOST_TEST(authorise(2).ok());
  BOOST_TEST(world.call(ListPayments{}).value().items.size() == 1U);
}

BOOST_AUTO_TEST_CASE(is_refused_once_captured_and_fine_once_refunded) {
  const Uuid payment = pay(1);
  check_refused(void_payment(1), not_voidable);
  refund(payment, id(50), Money{400, "USD"}).value();
  check_refused(void_payment(1), not_voidable);
  refund(payment, id(51)).value();
  BOOST_TEST(!void_payment(1).value().voided);
  check_refused(authorise(1), payment_closed);
}

BOOST_AUTO_TEST_CASE(a_payment_of_nothing_can_be_undone_as_any_other) {
  const Uuid payment = pay(1, 0);
  BOOST_TEST(refund(payment, id(50)).value().amount.amount_minor == 0);
  BOOST_TEST(void_payment(1).ok());
  BOOST_TEST(heard.refunded.empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(refunding)

BOOST_AUTO_TEST_CASE_TEMPLATE(gives_back_a_part_then_the_rest_and_tells, Topology, Topologies) {
  Till till{Topology::passage};
  const Uuid payment = till.pay(1);
  const auto part = till.refund(payment, id(50), Money{400, "USD"});
  BOOST_REQUIRE(part.ok());
  BOOST_CHECK((part.value() == RefundReceipt{.refund_id = id(50),
                                             .payment_id = payment,
                                             .order_id = id(1),
                                             .amount = {400, "USD"},
                                             .refunded = {400, "USD"}}));
  BOOST_CHECK(till.get(payment).state == PaymentState::captured);
  const auto rest = till.refund(payment, id(49));
  BOOST_CHECK((rest.value().amount == Money{600, "USD"}));
  BOOST_CHECK((rest.value().refunded == Money{1000, "USD"}));

  const Payment refunded = till.get(payment);
  BOOST_CHECK(refunded.state == PaymentState::refunded);
  BOOST_TEST(refunded.version == 4);
  BOOST_REQUIRE(refunded.refunds.size() == 2U);
  BOOST_CHECK(refunded.refunds[0].refund_id == id(50));
  BOOST_TEST(refunded.refunds[0].reason.value() == "A box was damaged");
  BOOST_CHECK(refunded.refunds[1].refund_id == id(49));
  BOOST_REQUIRE(till.heard.refunded.size() == 2U);
  BOOST_CHECK((till.heard.refunded.front() == PaymentRefunded{.refund_id = id(50),
                                                              .payment_id = payment,
                                                              .order_id = id(1),
                                                              .customer_id = id(200),
                                                              .amount = {400, "USD"},
                                                              .reason = "A box was damaged"}));
}

BOOST_FIXTURE_TEST_CASE(answers_a_repeat_as_the_first_time_and_moves_no_money, Till) {
  const Uuid payment = pay(1);
  const auto first = refund(payment, id(50), Money{400, "USD"});
  refund(payment, id(51), Money{100, "USD"}).value();
  BOOST_CHECK(refund(payment, id(50), Money{400, "USD"}).value() == first.value());
  BOOST_CHECK(refund(payment, id(50)).value() == first.value());
  BOOST_TEST(get(payment).refunded.amount_minor == 500);
  BOOST_TEST(heard.refunded.size() == 2U);
}

BOOST_FIXTURE_TEST_CASE(without_a_refund_id_every_refund_is_a_new_one, Till) {
  const Uuid payment = pay(1);
  const auto first = refund(payment, std::nullopt, Money{400, "USD"});
  const auto second = refund(payment, std::nullopt, Money{400, "USD"});
  BOOST_CHECK(first.value().refund_id != second.value().refund_id);
  BOOST_TEST(get(payment).refunded.amount_minor == 800);
}

BOOST_FIXTURE_TEST_CASE(gives_back_never_more_than_was_captured_nor_another_currency, Till) {
  const Uuid payment = pay(1);
  refund(payment, id(50), Money{400, "USD"}).value();
  check_refused(refund(payment, id(51), Money{601, "USD"}), refund_too_large);
  check_refused(refund(payment, id(51), Money{1, "EUR"}), currency_mismatch);
  check_refused(refund(id(9), id(51), Money{1, "USD"}), unknown_payment);
  BOOST_TEST(get(payment).refunded.amount_minor == 400);
  BOOST_TEST(refund(payment, id(51), Money{600, "USD"}).ok());
}

BOOST_FIXTURE_TEST_CASE(all_that_is_left_may_be_nothing, Till) {
  const Uuid authorised = authorise(1).value().payment_id;
  const auto nothing = refund(authorised, id(50));
  BOOST_CHECK((nothing.value().amount == Money{0, "USD"}));
  check_refused(refund(authorised, id(51), Money{1, "USD"}), not_refundable);

  const Uuid captured = pay(2);
  refund(captured, id(52)).value();
  BOOST_CHECK((refund(captured, id(53)).value().amount == Money{0, "USD"}));
  BOOST_TEST(get(captured).refunds.size() == 1U);
  BOOST_TEST(heard.refunded.size() == 1U);

  BOOST_REQUIRE(capture(1).ok());
  BOOST_CHECK(refund(authorised, id(50)).value() == nothing.value());
}

BOOST_FIXTURE_TEST_CASE(refuses_the_refund_id_of_another_payment, Till) {
  const Uuid one = pay(1);
  const Uuid other = pay(2);
  refund(one, id(50)).value();
  check_refused(refund(other, id(50)), not_refundable);
  BOOST_TEST(get(other).refunded.amount_minor == 0);
}

BOOST_AUTO_TEST_CASE(moves_nothing_if_the_provider_refuses) {
  const auto provider = std::make_shared<StubbornProvider>();
  provider->refuses_capture = false;
  Till till{banyan::testing::Passage::direct, provider};
  till.authorise(2).value();
  check_refused(till.void_payment(2), not_voidable);
  BOOST_CHECK(till.of_order(2).state == PaymentState::authorised);
  const Uuid payment = till.pay(1);
  check_refused(till.refund(payment, id(50)), not_refundable);
  BOOST_TEST(till.get(payment).refunded.amount_minor == 0);
  BOOST_TEST(till.get(payment).refunds.empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(asking, Till)

BOOST_AUTO_TEST_CASE(goes_through_all_payments_and_invoices_page_by_page) {
  std::vector<Uuid> paid;
  for (std::uint8_t order = 1; order <= 5; ++order) {
    paid.push_back(pay(order));
    world.advance(1ms, 1ms);
  }
  std::vector<Uuid> listed;
  ListPayments query{.limit = 2};
  do {
    const PaymentPage page = world.call(query).value();
    for (const Payment& payment : page.items) listed.push_back(payment.payment_id);
    query.cursor = page.next_cursor;
  } while (query.cursor);
  BOOST_CHECK(listed == paid);

  std::vector<std::int64_t> numbers;
  ListInvoices invoices{.limit = 2};
  do {
    const InvoicePage page = world.call(invoices).value();
    for (const Invoice& invoice : page.items) numbers.push_back(invoice.number);
    invoices.cursor = page.next_cursor;
  } while (invoices.cursor);
  BOOST_CHECK((numbers == std::vector<std::int64_t>{1, 2, 3, 4, 5}));
}

BOOST_AUTO_TEST_CASE(ends_without_a_cursor_when_the_last_page_is_full) {
  pay(1);
  pay(2);
  BOOST_CHECK(!world.call(ListPayments{.limit = 2}).value().next_cursor);
  BOOST_CHECK(!world.call(ListInvoices{.limit = 2}).value().next_cursor);
}

BOOST_AUTO_TEST_CASE(finds_what_belongs_to_an_order) {
  const Uuid payment = pay(1);
  pay(2);
  BOOST_CHECK(of_order(1).payment_id == payment);
  BOOST_TEST(world.call(ListPayments{.order_id = id(9)}).value().items.empty());
  BOOST_TEST(world.call(ListInvoices{.order_id = id(9)}).value().items.empty());
}

BOOST_AUTO_TEST_CASE(refuses_a_cursor_that_it_did_not_give_and_what_does_not_exist) {
  check_refused(world.call(ListPayments{.cursor = "first"}), bad_cursor);
  for (const char* cursor : {"x", "0", "-1", "1x", "99999999999999999999"}) {
    check_refused(world.call(ListInvoices{.cursor = cursor}), bad_cursor);
  }
  check_refused(world.call(GetPayment{.payment_id = id(9)}), unknown_payment);
  check_refused(world.call(GetInvoice{.invoice_id = id(9)}), unknown_invoice);
}

BOOST_AUTO_TEST_SUITE_END()
