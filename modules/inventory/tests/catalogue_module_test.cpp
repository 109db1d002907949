#define BOOST_TEST_MODULE inventory_catalogue_module
#include <boost/test/unit_test.hpp>

#include "shop/inventory/reasons.hpp"
#include "warehouse.hpp"

using namespace shop::inventory;
using namespace std::string_literals;
using banyan::Uuid;
using banyan::testing::World;

namespace {

struct Catalogue {
  Heard heard;
  World world{{inventory(), listener(heard)}};

  Uuid add(const AddProduct& product) { return world.call(product).value().product_id; }
  Uuid add(std::string name, std::string description, std::string category) {
    AddProduct product = article("SKU-" + std::to_string(heard.added.size()), 10);
    product.name = std::move(name);
    product.description = std::move(description);
    product.category = std::move(category);
    return add(product);
  }
  Product get(const Uuid& product) { return world.call(GetProduct{.product_id = product}).value(); }
  std::vector<std::string> search(const std::string& text, std::int64_t limit = 20) {
    const auto matches = world.call(SearchProducts{.q = text, .limit = limit});
    BOOST_REQUIRE_MESSAGE(matches.ok(), text);
    std::vector<std::string> names;
    for (const Product& product : matches.value().items) names.push_back(product.name);
    return names;
  }
  ProductPage page(ListProducts query) { return world.call(std::move(query)).value(); }
};

using Names = std::vector<std::string>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(adding, Catalogue)

BOOST_AUTO_TEST_CASE(puts_a_product_with_its_stock_into_the_catalogue_and_tells) {
  AddProduct chai = article("CHAI-10x20", 39);
  chai.description = "10 boxes x 20 bags";
  const auto added = world.call(chai);
  BOOST_REQUIRE(added.ok());
  BOOST_TEST(added.value().version == 1);
  const Uuid product = added.value().product_id;
  BOOST_CHECK((get(product) == Product{.product_id = product,
                                       .version = 1,
                                       .sku = chai.sku,
                                       .name = chai.name,
                                       .description = chai.description,
                                       .category = chai.category,
                                       .unit_price = chai.unit_price,
                                       .available = 39}));
  BOOST_REQUIRE(heard.added.size() == 1U);
  BOOST_CHECK((heard.added.front() == ProductAdded{.product_id = product,
                                                   .sku = chai.sku,
                                                   .name = chai.name,
                                                   .category = chai.category,
                                                   .unit_price = chai.unit_price}));
}

BOOST_AUTO_TEST_CASE(refuses_a_sku_in_use_but_not_one_in_another_case) {
  add(article("CHAI", 1));
  check_refused(world.call(article("CHAI", 5)), sku_taken);
  BOOST_TEST(world.call(article("chai", 5)).ok());
  BOOST_TEST(heard.added.size() == 2U);
}

BOOST_AUTO_TEST_CASE(an_unknown_product_is_not_found) {
  check_refused(world.call(GetProduct{.product_id = id(9)}), unknown_product);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(changing, Catalogue)

BOOST_AUTO_TEST_CASE(changes_the_newest_version_and_its_text_in_the_index) {
  const Uuid product = add("Chai", "boxes", "Beverages");
  const auto changed =
      world.call(ChangeProduct{.product_id = product, .expected_version = 1, .name = "Rooibos"});
  BOOST_REQUIRE(changed.ok());
  BOOST_TEST(changed.value().version == 2);
  BOOST_CHECK(get(product) == changed.value());
  BOOST_TEST(search("rooibos") == Names{"Rooibos"}, boost::test_tools::per_element());
  BOOST_TEST(search("chai").empty());
  BOOST_TEST(search("boxes").size() == 1U);
}

BOOST_AUTO_TEST_CASE(refuses_a_version_that_is_not_the_newest_and_changes_nothing) {
  const Uuid product = add(article("CHAI", 1));
  for (const std::int64_t version : {2, 99}) {
    check_refused(
        world.call(ChangeProduct{.product_id = product, .expected_version = version, .name = "Other"}),
        stale_version);
  }
  BOOST_TEST(get(product).name == "Name of CHAI");
  check_refused(world.call(ChangeProduct{.product_id = id(9), .expected_version = 1}), unknown_product);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(restocking, Catalogue)

BOOST_AUTO_TEST_CASE(adds_to_what_is_available_and_tells) {
  const Uuid product = add(article("CHAI", 5));
  const auto restocked = world.call(RestockProduct{.product_id = product, .quantity = 100});
  BOOST_REQUIRE(restocked.ok());
  BOOST_TEST(restocked.value().available == 105);
  BOOST_TEST(restocked.value().version == 1);
  BOOST_CHECK(get(product) == restocked.value());
  BOOST_REQUIRE(heard.restocked.size() == 1U);
  BOOST_CHECK(
      (heard.restocked.front() == StockRestocked{.product_id = product, .quantity = 100, .available = 105}));
}

BOOST_AUTO_TEST_CASE(refuses_an_unknown_product_and_more_than_can_be_kept) {
  check_refused(world.call(RestockProduct{.product_id = id(9), .quantity = 1}), unknown_product);
  const Uuid product = add(article("CHAI", 1'000'000));
  for (int i = 0; i < 999; ++i) {
    BOOST_REQUIRE(world.call(RestockProduct{.product_id = product, .quantity = 1'000'000}).ok());
  }
  check_refused(world.call(RestockProduct{.product_id = product, .quantity = 1}), stock_limit);
  BOOST_TEST(get(product).available == 1'000'000'000);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(listing, Catalogue)

BOOST_AUTO_TEST_CASE(goes_through_all_products_in_the_order_of_their_adding) {
  std::vector<Uuid> added;
  for (int i = 0; i < 5; ++i) added.push_back(add(article("P" + std::to_string(i), 1)));
  std::vector<Uuid> listed;
  int pages = 0;
  ListProducts query{.limit = 2};
  do {
    const ProductPage part = page(query);
    for (const Product& product : part.items) listed.push_back(product.product_id);
    query.cursor = part.next_cursor;
    ++pages;
  } while (query.cursor);
  BOOST_TEST(pages == 3);
  BOOST_CHECK(listed == added);
}

BOOST_AUTO_TEST_CASE(goes_through_one_category_and_ends_without_a_cursor_on_a_full_page) {
  const Uuid first = add("Chai", "tea", "Beverages");
  add("Tofu", "soy", "Produce");
  const Uuid second = add("Chang", "beer", "Beverages");
  const ProductPage part = page({.category = "Beverages", .limit = 1});
  BOOST_CHECK(part.items.at(0).product_id == first);
  const ProductPage rest = page({.category = "Beverages", .cursor = part.next_cursor, .limit = 1});
  BOOST_CHECK(rest.items.at(0).product_id == second);
  BOOST_CHECK(!rest.next_cursor);
  BOOST_TEST(page({.category = "Nothing"}).items.empty());
}

BOOST_AUTO_TEST_CASE(refuses_a_cursor_that_it_did_not_give) {
  for (const char* cursor : {"x", "-1", "0", "1x", " 1", "99999999999999999999"}) {
    check_refused(world.call(ListProducts{.cursor = cursor}), bad_cursor);
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(searching, Catalogue)

BOOST_AUTO_TEST_CASE(finds_by_beginnings_of_words_in_any_order_case_and_accent) {
  add("Aniseed Syrup", "12 - 550 ml bottles", "Condiments");
  add("Sirop d'érable", "24 - 500 ml bottles", "Condiments");
  const Names syrup{"Aniseed Syrup"};
  const Names sirop{"Sirop d'érable"};
  BOOST_TEST(search("syr ANIS") == syrup, boost::test_tools::per_element());
  BOOST_TEST(search("ERABLE") == sirop, boost::test_tools::per_element());
  BOOST_TEST(search("sku-0") == syrup, boost::test_tools::per_element());
  BOOST_TEST(search("condim bottl").size() == 2U);
  BOOST_TEST(search("yrup").empty());
  BOOST_TEST(search("anis erable").empty());
}

BOOST_AUTO_TEST_CASE(puts_the_best_match_first_and_keeps_the_limit) {
  add("Plain box", "with tea, and with much else that is said about it at length", "Things");
  add("Tea", "tea", "Tea");
  BOOST_TEST(search("tea").front() == "Tea");
  BOOST_TEST(search("tea", 1).size() == 1U);
}

BOOST_AUTO_TEST_CASE(no_text_is_an_error) {
  add("Chai", "tea", "Beverages");
  std::string many_words;
  for (int i = 0; i < 100; ++i) many_words += "c ";
  for (const std::string& text :
       {"\""s,         "\"\""s,   "chai\""s, "'"s,        "*"s,        "^"s,      "chai*"s,
        "-"s,          "+"s,      "name:"s,  "{name}:x"s, "("s,        ")"s,      "NEAR(a b)"s,
        "AND"s,        "OR"s,     "NOT"s,    "NOT chai"s, "chai AND"s, "\0"s,     "chai\0\"x"s,
        "\U0001F600"s, "\u2014"s, "\u0308"s, ";--"s,      "%_"s,       many_words}) {
    search(text);
  }
  BOOST_TEST(search("\U0001F600 chai").size() == 1U);
  BOOST_TEST(search("\u2014").empty());
}

BOOST_AUTO_TEST_SUITE_END()
