#define BOOST_TEST_MODULE inventory_rules
#include <boost/test/unit_test.hpp>

#include "product_rules.hpp"
#include "reservation_rules.hpp"

using namespace shop::inventory;

namespace {

banyan::Uuid id(std::uint8_t number) {
  banyan::Uuid made;
  made.bytes.back() = std::byte{number};
  return made;
}

const Product chai{.product_id = id(1),
                   .version = 4,
                   .sku = "CHAI",
                   .name = "Chai",
                   .description = "10 boxes",
                   .category = "Beverages",
                   .unit_price = {1800, "USD"},
                   .available = 15,
                   .reserved = 12,
                   .sold = 12};

}  // namespace

BOOST_AUTO_TEST_SUITE(changing)

BOOST_AUTO_TEST_CASE(takes_what_is_given_and_leaves_the_rest) {
  const Product renamed = changed(chai, {.product_id = id(1), .name = "Green chai"});
  Product expected = chai;
  expected.name = "Green chai";
  expected.version = 5;
  BOOST_CHECK(renamed == expected);

  const Product other = changed(chai, {.product_id = id(1),
                                       .description = "20 boxes",
                                       .category = "Tea",
                                       .unit_price = banyan::Money{1950, "EUR"}});
  BOOST_TEST(other.name == "Chai");
  BOOST_TEST(other.description.value() == "20 boxes");
  BOOST_TEST(other.category == "Tea");
  BOOST_CHECK((other.unit_price == banyan::Money{1950, "EUR"}));
  BOOST_TEST(other.available == 15);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(keeping)

BOOST_AUTO_TEST_CASE(has_room_up_to_the_limit_whatever_was_sold) {
  Product product = chai;
  product.available = stock_max - 100;
  product.reserved = 60;
  product.sold = stock_max;
  BOOST_TEST(has_room_for(product, 40));
  BOOST_TEST(!has_room_for(product, 41));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(shortfalls)

BOOST_AUTO_TEST_CASE(nothing_missing_leaves_the_lines_as_they_are) {
  const std::vector<StockLine> lines{{id(1), 5}, {id(2), 3}};
  BOOST_CHECK(without(lines, {}) == lines);
  BOOST_CHECK(without(lines, {{id(3), 9}}) == lines);
  BOOST_TEST(units_of(lines) == 8);
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_taken_from_the_lines_of_its_product_in_order) {
  const std::vector<StockLine> lines{{id(1), 5}, {id(2), 3}, {id(1), 4}};
  BOOST_CHECK((without(lines, {{id(1), 7}}) == std::vector<StockLine>{{id(2), 3}, {id(1), 2}}));
  BOOST_CHECK((without(lines, {{id(1), 9}, {id(2), 3}}).empty()));
  BOOST_TEST(units_of({}) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
