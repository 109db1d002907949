#define BOOST_TEST_MODULE inventory_migrations
#include <boost/test/unit_test.hpp>

#include "banyan/store/database.hpp"
#include "banyan/testing/manual_clock.hpp"
#include "banyan/testing/temporary_directory.hpp"
#include "product_rows.hpp"
#include "shop/inventory/module.hpp"
#include "warehouse.hpp"

using namespace shop::inventory;
using banyan::store::Database;

namespace {

/// A store that an older program has left.
struct OldStore {
  std::unique_ptr<Database> open(std::size_t migrations_count) {
    const banyan::module::Module module = inventory();
    auto opened = Database::open({.directory = disk.path()}, module.migrations().first(migrations_count),
                                 clock, faults);
    BOOST_REQUIRE(opened.ok());
    BOOST_REQUIRE(opened.value()->begin().ok());
    return std::move(opened).value();
  }

  banyan::testing::TemporaryDirectory disk;
  banyan::testing::ManualClock clock;
  banyan::NoFaults faults;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(migrating, OldStore)

BOOST_AUTO_TEST_CASE(keeps_the_versions_that_callers_have_read) {
  {
    const auto old = open(1);
    for (const int product : {1, 2}) {
      old->transaction().execute(
          "INSERT INTO inventory_product (product_id, sku, name, category, price_minor, currency, added_at, "
          "changed_at) VALUES (?1, ?2, 'Chai', 'Beverages', 1800, 'USD', 0, 0)",
          id(static_cast<std::uint8_t>(product)), std::to_string(product));
      old->transaction().execute(
          "INSERT INTO inventory_stock (product_id, version, available, reserved, sold) "
          "VALUES (?1, ?2, 5, 3, 2)",
          id(static_cast<std::uint8_t>(product)), 10 * product);
    }
    BOOST_REQUIRE(old->commit().ok());
  }
  const auto migrated = open(inventory().migrations().size());
  auto rows = migrated->transaction().query(
      "SELECT version, available, reserved, sold FROM inventory_product JOIN inventory_stock USING "
      "(product_id) "
      "ORDER BY position");
  for (const int version : {10, 20}) {
    BOOST_REQUIRE(rows.next());
    BOOST_TEST(rows.get<int>(0) == version);
    BOOST_TEST(rows.get<int>(1) == 5);
    BOOST_TEST(rows.get<int>(2) == 3);
    BOOST_TEST(rows.get<int>(3) == 2);
  }
  BOOST_TEST(!rows.next());
}

BOOST_AUTO_TEST_SUITE_END()
