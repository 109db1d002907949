#define BOOST_TEST_MODULE payments_money_invariants_module
#include <boost/test/unit_test.hpp>
#include <random>

#include "banyan/testing/world.hpp"
#include "shop/payments/module.hpp"

using namespace shop::payments;
using banyan::Money;
using banyan::Uuid;
using banyan::testing::Passage;
using banyan::testing::World;

namespace {

constexpr int orders_count = 30;

Uuid id(int number) {
  Uuid made;
  made.bytes.back() = static_cast<std::byte>(number);
  return made;
}

/// A till at which chance pays and takes back, and which crashes now and then.
class RandomTill {
 public:
  RandomTill(std::uint32_t seed, Passage passage)
      : chance_{seed}, world{{payments()}, {.passage = passage, .seed = seed}} {}

  void take_a_step() {
    if (below(15) == 0) world.crash_at(below(2) == 0 ? "before_commit" : "after_commit");
    const Uuid order = id(below(orders_count));
    switch (below(6)) {
      case 0:
      case 1:
        static_cast<void>(world.call(AuthorisePayment{.order_id = order,
                                                      .customer_id = id(200),
                                                      .amount = {below(5) * 100, "USD"},
                                                      .payment_method = method()}));
        break;
      case 2:
      case 3:
        static_cast<void>(world.call(CapturePayment{.order_id = order}));
        break;
      case 4:
        if (below(3) == 0) static_cast<void>(world.call(VoidPayment{.order_id = order}));
        break;
      default:
        refund(order);
    }
    world.recover();
  }

 private:
  int below(int limit) { return static_cast<int>(chance_() % static_cast<std::uint32_t>(limit)); }
  const char* method() { return below(4) == 0 ? "tok_declined" : "tok_visa"; }

  void refund(const Uuid& order) {
    const auto page = world.call(ListPayments{.order_id = order});
    if (!page.ok() || page.value().items.empty()) return;
    RefundPayment command{.payment_id = page.value().items.front().payment_id, .refund_id = id(below(100))};
    if (below(2) == 0) command.amount = Money{below(300), "USD"};
    static_cast<void>(world.call(command));
  }

  std::mt19937 chance_;

 public:
  World world;
};

constexpr const char* invoices_beside_their_number = R"(
  SELECT count(*) FROM (SELECT number, row_number() OVER (ORDER BY number) AS expected FROM payments_invoice)
  WHERE number <> expected)";

constexpr const char* captured_payments_without_their_invoice = R"(
  SELECT count(*) FROM payments_payment AS payment WHERE captured_at IS NOT NULL AND NOT EXISTS
    (SELECT 1 FROM payments_invoice AS invoice
     WHERE invoice.payment_id = payment.payment_id AND total_minor = amount_minor))";

constexpr const char* payments_whose_refunds_do_not_add_up = R"(
  SELECT count(*) FROM payments_payment AS payment WHERE refunded_minor <>
    (SELECT coalesce(sum(amount_minor), 0) FROM payments_refund AS refund
     WHERE refund.payment_id = payment.payment_id))";

constexpr const char* payments_in_a_wrong_state = R"(
  SELECT count(*) FROM payments_payment
  WHERE (state IN ('captured', 'refunded')) <> (captured_at IS NOT NULL)
     OR (state = 'refunded' AND refunded_minor <> amount_minor)
     OR (state = 'captured' AND refunded_minor = amount_minor AND amount_minor > 0))";

void check_invariants(RandomTill& till) {
  const auto count = [&](const char* sql) { return till.world.value<int>("payments", sql).value(); };
  BOOST_TEST(count(invoices_beside_their_number) == 0);
  BOOST_TEST(count(captured_payments_without_their_invoice) == 0);
  BOOST_TEST(count(payments_whose_refunds_do_not_add_up) == 0);
  BOOST_TEST(count(payments_in_a_wrong_state) == 0);
  BOOST_TEST(count("SELECT count(*) FROM payments_invoice") ==
             count("SELECT count(*) FROM payments_payment WHERE captured_at IS NOT NULL"));
  BOOST_TEST(count(R"(SELECT count(*) FROM payments_payment
                      WHERE order_id IN (SELECT order_id FROM payments_closed_order))") == 0);
}

void run(std::uint32_t seed, Passage passage) {
  RandomTill till{seed, passage};
  for (int round = 0; round < 20; ++round) {
    for (int step = 0; step < 10; ++step) till.take_a_step();
    till.world.faults().clear();
    BOOST_TEST_CONTEXT("seed " << seed << ", round " << round) { check_invariants(till); }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(whatever_happens)

BOOST_AUTO_TEST_CASE(the_books_agree) {
  for (std::uint32_t seed = 1; seed <= 5; ++seed) run(seed, Passage::direct);
}

BOOST_AUTO_TEST_CASE(the_books_agree_through_bytes_and_twice) {
  for (std::uint32_t seed = 6; seed <= 8; ++seed) run(seed, Passage::encoded);
}

BOOST_AUTO_TEST_CASE(the_books_agree_between_processes) { run(9, Passage::split); }

BOOST_AUTO_TEST_SUITE_END()
