#define BOOST_TEST_MODULE acceptance_count
#include "count.hpp"

#include <boost/test/unit_test.hpp>

using namespace acceptance;

namespace {

Stream::Line line(std::int64_t product, std::int64_t quantity, std::int64_t cents = 100,
                  std::int64_t discount = 0) {
  return {
      .product_id = product, .unit_price_cents = cents, .quantity = quantity, .discount_percent = discount};
}

Stream::Order order(std::vector<Stream::Line> lines, std::int64_t freight_cents = 0) {
  Stream::Order order;
  order.freight_cents = freight_cents;
  order.lines = std::move(lines);
  return order;
}

Stream stream_of(std::vector<Stream::Order> orders) {
  Stream stream;
  for (const std::int64_t id : {1, 2}) {
    stream.products.push_back({.id = id,
                               .name = "p",
                               .category = "c",
                               .quantity_per_unit = "1",
                               .unit_price_cents = 100,
                               .units_in_stock = 10});
  }
  stream.orders = std::move(orders);
  return stream;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(a_plain_count)

BOOST_AUTO_TEST_CASE(rounds_half_a_cent_to_the_even_side) {
  BOOST_TEST(line_cents(line(1, 1, 10, 5)) == 10);    // 9.50
  BOOST_TEST(line_cents(line(1, 1, 30, 5)) == 28);    // 28.50
  BOOST_TEST(line_cents(line(1, 1, 101, 1)) == 100);  // 99.99
  BOOST_TEST(line_cents(line(1, 1, 99, 1)) == 98);    // 98.01
  BOOST_TEST(line_cents(line(1, 3, 7, 0)) == 21);
}

BOOST_AUTO_TEST_CASE(gives_an_order_all_that_it_asks_for_or_nothing) {
  const Count counted = count(stream_of({order({line(1, 8), line(2, 11)}), order({line(1, 9)}, 50)}));

  BOOST_TEST(counted.outcomes[0].cancel_code == out_of_stock);
  BOOST_TEST(counted.outcomes[1].is_confirmed());
  BOOST_TEST(counted.stock.at(1).available == 1);
  BOOST_TEST(counted.stock.at(1).sold == 9);
  BOOST_TEST(counted.stock.at(2).sold == 0);
  BOOST_TEST(counted.confirmed() == 1);
  BOOST_TEST(counted.units() == 9);
  BOOST_TEST(counted.cents() == 950);
}

BOOST_AUTO_TEST_CASE(leaves_the_stock_to_others_if_an_order_is_not_paid_for) {
  Stream stream = stream_of({order({line(1, 8)}), order({line(1, 9)})});
  stream.orders[0].payment_method = "tok_declined";
  const Count counted = count(stream);

  BOOST_TEST(counted.outcomes[0].cancel_code == card_declined);
  BOOST_TEST(counted.outcomes[1].is_confirmed());
  BOOST_TEST(counted.stock.at(1).available == 1);
}

BOOST_AUTO_TEST_CASE(adds_up_lines_of_one_product) {
  BOOST_TEST(count(stream_of({order({line(1, 6), line(1, 5)})})).confirmed() == 0);
  BOOST_TEST(count(stream_of({order({line(1, 6), line(1, 4)})})).confirmed() == 1);
}

BOOST_AUTO_TEST_CASE(has_what_was_restocked) {
  const Stream stream = stream_of({order({line(1, 12)})});
  BOOST_TEST(count(stream).confirmed() == 0);
  BOOST_TEST(count(stream, {{1, 2}}).confirmed() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
