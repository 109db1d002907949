#define BOOST_TEST_MODULE store_migrate
#include <boost/test/unit_test.hpp>

#include "migrations.hpp"
#include "scratch.hpp"

using namespace banyan;
using namespace banyan::store;

namespace {

constexpr Migration shelf_table{
    .owner = "shop",
    .version = 2,
    .name = "shelves",
    .sql = "CREATE TABLE shop_shelf (id INTEGER PRIMARY KEY, label TEXT) STRICT;"};

Migration changed(Migration migration, std::string_view sql) {
  migration.sql = sql;
  return migration;
}

struct Migrated : Shop {
  /// Opens the store with these migrations and closes it again.
  Status apply(std::vector<Migration> migrations) {
    schema = migrations;
    const auto opened = try_open();
    return opened.ok() ? success() : Status{opened.error()};
  }

  bool has_table(std::string_view name) {
    schema = {};
    const auto reader = open_reader();
    return reader->begin().ok() &&
           reader->transaction().find<int>("SELECT 1 FROM sqlite_schema WHERE name = ?1", name).has_value();
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(migrating, Migrated)

BOOST_AUTO_TEST_CASE(applies_what_is_missing_in_order_and_once) {
  BOOST_TEST(apply({item_table}).ok());
  BOOST_TEST(apply({item_table, shelf_table}).ok());
  BOOST_TEST(apply({item_table, shelf_table}).ok());

  BOOST_TEST(has_table("shop_shelf"));
}

BOOST_AUTO_TEST_CASE(keeps_an_account_of_what_it_applied) {
  schema = {&item_table, 1};
  const auto database = open();
  BOOST_REQUIRE(database->begin().ok());

  Rows rows = database->transaction().query("SELECT owner, version, name, applied_at FROM banyan_migration");

  BOOST_REQUIRE(rows.next());
  BOOST_TEST(rows.get<std::string>(0) == "shop");
  BOOST_TEST(rows.get<int>(1) == 1);
  BOOST_TEST(rows.get<std::string>(2) == "items");
  BOOST_TEST((rows.get<Timestamp>(3) == clock.utc()));
  BOOST_TEST(!rows.next());
}

BOOST_AUTO_TEST_CASE(owners_count_on_their_own) {
  Migration other = shelf_table;
  other.owner = "banyan.delivery";
  other.version = 1;
  BOOST_TEST(apply({item_table, other}).ok());
  BOOST_TEST(apply({other, item_table}).ok());
}

BOOST_AUTO_TEST_CASE(migrations_embedded_by_the_build_keep_every_character) {
  schema = example::migrations();
  BOOST_REQUIRE(schema.size() == 2u);
  BOOST_TEST(schema[1].owner == "example");
  BOOST_TEST(schema[1].version == 2);
  BOOST_TEST(schema[1].name == "lines");
  const auto database = open();
  BOOST_REQUIRE(database->begin().ok());

  BOOST_TEST(database->transaction().find<std::string>("SELECT note FROM example_order").value() ==
             R"(a;b "c" \n [d] ${e} @f@)");
}

BOOST_AUTO_TEST_CASE(a_column_with_a_check_can_be_added) {
  Migration column = shelf_table;
  column.sql = "ALTER TABLE shop_item ADD COLUMN is_new INTEGER NOT NULL DEFAULT 1 CHECK (is_new IN (0, 1))";
  BOOST_TEST(apply({item_table, column}).ok());
}

BOOST_AUTO_TEST_CASE(rebuilding_a_table_that_others_refer_to_keeps_their_rows) {
  const Migration first{.owner = "shop", .version = 1, .name = "tables", .sql = R"(
    CREATE TABLE shop_item (id INTEGER PRIMARY KEY) STRICT;
    CREATE TABLE shop_line (item INTEGER PRIMARY KEY REFERENCES shop_item ON DELETE CASCADE) STRICT;
    INSERT INTO shop_item VALUES (1);
    INSERT INTO shop_line VALUES (1);)"};
  const Migration second{.owner = "shop", .version = 2, .name = "rebuild", .sql = R"(
    CREATE TABLE shop_new (id INTEGER PRIMARY KEY, size INTEGER) STRICT;
    INSERT INTO shop_new (id) SELECT id FROM shop_item;
    DROP TABLE shop_item;
    ALTER TABLE shop_new RENAME TO shop_item;)"};
  const std::vector both{first, second};
  schema = both;
  const auto database = open();
  BOOST_REQUIRE(database->begin().ok());

  BOOST_TEST(database->transaction().find<int>("SELECT item FROM shop_line").value() == 1);
  BOOST_TEST(failure_of([&] { database->transaction().execute("INSERT INTO shop_line VALUES (2)"); }) ==
             "store.constraint");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(refusals, Migrated)

BOOST_AUTO_TEST_CASE(a_changed_migration) {
  BOOST_REQUIRE(apply({item_table}).ok());

  const Status text = apply({changed(item_table, "CREATE TABLE shop_item (id INTEGER PRIMARY KEY) STRICT;")});
  BOOST_TEST((text.error() == Error{Errc::conflict, "store.changed_migration"}));
  BOOST_TEST(text.error().detail().starts_with("shop/0001_items.sql"));

  Migration renamed = item_table;
  renamed.name = "things";
  BOOST_TEST((apply({renamed}).error() == Error{Errc::conflict, "store.changed_migration"}));
}

BOOST_AUTO_TEST_CASE(a_store_that_is_newer_than_the_program) {
  BOOST_REQUIRE(apply({item_table, shelf_table}).ok());

  const Status older = apply({item_table});
  BOOST_TEST((older.error() == Error{Errc::conflict, "store.newer_schema"}));
  BOOST_TEST(older.error().detail().find("shop/0002_shelves.sql") != std::string::npos);
  BOOST_TEST((apply({}).error() == Error{Errc::conflict, "store.newer_schema"}));
}

BOOST_AUTO_TEST_CASE(a_gap_a_repetition_and_a_wrong_order) {
  Migration third = shelf_table;
  third.version = 3;
  for (const auto& migrations : {std::vector{item_table, third}, std::vector{shelf_table, item_table},
                                 std::vector{item_table, item_table}, std::vector{shelf_table}}) {
    BOOST_TEST((apply(migrations).error() == Error{Errc::invalid_argument, "store.migration_order"}));
  }
  BOOST_TEST(!std::filesystem::exists(options.directory + "/store.db-wal"));
}

BOOST_AUTO_TEST_CASE(wrong_sql_with_its_file_line_and_statement) {
  const Status wrong = apply({item_table, changed(shelf_table,
                                                  "-- shelves\nCREATE TABLE shop_shelf (\n"
                                                  "  id INTEGER PRIMARY KEY\n) STRICT;\n\n"
                                                  "CREATE TALBE shop_typo (id INTEGER);\n")});

  BOOST_TEST((wrong.error() == Error{Errc::invalid_argument, "store.migration_failed"}));
  BOOST_TEST(
      wrong.error().detail() ==
      "shop/0002_shelves.sql line 6: near \"TALBE\": syntax error: CREATE TALBE shop_typo (id INTEGER)");
  BOOST_TEST(!has_table("shop_shelf"));
}

BOOST_AUTO_TEST_CASE(a_statement_that_fails_on_the_rows_that_are_there) {
  schema = {&item_table, 1};
  BOOST_REQUIRE(commit_item(*open(), "a"));

  const Status failed =
      apply({item_table, changed(shelf_table, "INSERT INTO shop_item (name) VALUES ('a');")});

  BOOST_TEST((failed.error() == Error{Errc::invalid_argument, "store.migration_failed"}));
  BOOST_TEST(failed.error().detail().find("UNIQUE constraint failed: shop_item.name") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_drives_transactions_or_changes_the_connection) {
  for (const auto* sql : {"COMMIT;", "PRAGMA synchronous = OFF;", "ATTACH 'x' AS x;"}) {
    BOOST_TEST_CONTEXT(sql) {
      BOOST_TEST((apply({changed(item_table, sql)}).error() ==
                  Error{Errc::invalid_argument, "store.migration_failed"}));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_table_that_is_not_strict_or_has_no_primary_key) {
  const Status loose = apply({changed(item_table, "CREATE TABLE shop_item (id INTEGER PRIMARY KEY);")});
  BOOST_TEST((loose.error() == Error{Errc::invalid_argument, "store.bad_table"}));
  BOOST_TEST(loose.error().detail() == "shop/0001_items.sql: table shop_item is not STRICT");

  const Status keyless = apply({changed(item_table, "CREATE TABLE shop_item (id INTEGER) STRICT;")});
  BOOST_TEST((keyless.error() == Error{Errc::invalid_argument, "store.bad_table"}));
  BOOST_TEST(keyless.error().detail() == "shop/0001_items.sql: table shop_item has no PRIMARY KEY");
  BOOST_TEST(!has_table("shop_item"));
}

BOOST_AUTO_TEST_CASE(not_a_full_text_index_or_a_view) {
  BOOST_TEST(apply({changed(item_table,
                            "CREATE VIRTUAL TABLE shop_search USING fts5(name);"
                            "CREATE VIEW shop_names AS SELECT name FROM shop_search;")})
                 .ok());
}

BOOST_AUTO_TEST_CASE(rows_left_without_what_they_refer_to) {
  const Status orphans =
      apply({changed(item_table,
                     "CREATE TABLE shop_item (id INTEGER PRIMARY KEY) STRICT;"
                     "CREATE TABLE shop_line (id INTEGER PRIMARY KEY REFERENCES shop_item) STRICT;"
                     "INSERT INTO shop_line VALUES (7);")});

  BOOST_TEST((orphans.error() == Error{Errc::invalid_argument, "store.migration_failed"}));
  BOOST_TEST(orphans.error().detail().find("shop_line") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(migrations_before_the_failing_one_stay) {
  BOOST_TEST(!apply({item_table, changed(shelf_table, "nonsense;")}).ok());
  BOOST_TEST(has_table("shop_item"));
}

BOOST_AUTO_TEST_SUITE_END()
