#define BOOST_TEST_MODULE store_transaction
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstdint>
#include <limits>

#include "scratch.hpp"

using namespace banyan;
using namespace banyan::store;
using namespace std::string_view_literals;

namespace {

/// A store with an open transaction.
struct Open {
  Open() { BOOST_REQUIRE(database->begin().ok()); }

  /// The value that comes back from a column without a type.
  template <class T, class Value>
  T through(const Value& value) {
    return tx.find<T>("SELECT ?1", value).value();
  }

  Shop shop;
  std::unique_ptr<Database> database = shop.open();
  Transaction& tx = database->transaction();
};

constexpr Uuid some_id{std::byte{0x01}, std::byte{0x00}, std::byte{0xff}};

enum class Colour { red };
enum Plain { plain };

}  // namespace

BOOST_FIXTURE_TEST_SUITE(values, Open)

BOOST_AUTO_TEST_CASE(integers_keep_their_value_up_to_the_ends_of_the_range) {
  for (const auto value : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1}, std::int64_t{0},
                           std::numeric_limits<std::int64_t>::max()}) {
    BOOST_TEST(through<std::int64_t>(value) == value);
  }
  BOOST_TEST(through<int>(std::size_t{7}) == 7);
  BOOST_TEST(through<std::uint8_t>(std::uint8_t{255}) == 255);
  BOOST_TEST(through<bool>(true));
  BOOST_TEST(!through<bool>(false));
}

BOOST_AUTO_TEST_CASE(an_integer_that_is_too_large_for_a_column_is_refused) {
  BOOST_TEST(through<std::uint64_t>(std::uint64_t{INT64_MAX}) == std::uint64_t{INT64_MAX});
  for (const std::uint64_t value : {std::uint64_t{1} << 63, UINT64_MAX}) {
    BOOST_TEST(failure_of([&] { through<std::int64_t>(value); }) == "store.out_of_range");
  }
}

BOOST_AUTO_TEST_CASE(a_text_that_nobody_knows_is_refused) {
  const auto parse = [](std::string_view text) {
    return text == "red" ? std::optional{Colour::red} : std::nullopt;
  };
  const auto read = [&](std::string_view text) {
    Rows rows = tx.query("SELECT ?1", text);
    rows.next();
    return rows.get_as(0, parse);
  };
  BOOST_TEST((read("red") == Colour::red));
  BOOST_TEST(failure_of([&] { read("blue"); }) == "store.wrong_type");
  BOOST_TEST(failure_of([&] { read(""); }) == "store.wrong_type");
}

BOOST_AUTO_TEST_CASE(an_integer_that_is_too_large_for_the_target_is_refused) {
  BOOST_TEST(failure_of([&] { through<int>(std::int64_t{1} << 31); }) == "store.wrong_type");
  BOOST_TEST(failure_of([&] { through<std::size_t>(-1); }) == "store.wrong_type");
}

BOOST_AUTO_TEST_CASE(reals_keep_their_value) {
  for (const double value : {0.1, -1e308, 5e-324, 3.0}) BOOST_TEST(through<double>(value) == value);
  BOOST_TEST(std::isinf(through<double>(std::numeric_limits<double>::infinity())));
  BOOST_TEST(through<double>(2) == 2.0);
}

BOOST_AUTO_TEST_CASE(text_keeps_every_character_also_nul) {
  for (const auto text : {""sv, "a\0b"sv, "\0"sv, "Grüße, 世界 🌍"sv, "'; DROP TABLE shop_item; --"sv}) {
    BOOST_TEST(through<std::string>(text) == text);
    BOOST_TEST(tx.find<std::string>("SELECT typeof(?1)", text).value() == "text");
  }
  BOOST_TEST(through<std::string>(std::string_view{}) == "");
  BOOST_TEST(through<std::string>(std::string(100'000, 'x')).size() == 100'000u);
}

BOOST_AUTO_TEST_CASE(bytes_keep_every_value) {
  std::vector<std::byte> bytes(256);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i);

  BOOST_TEST((through<std::vector<std::byte>>(bytes) == bytes));
  BOOST_TEST(through<std::vector<std::byte>>(std::vector<std::byte>{}).empty());
  BOOST_TEST(tx.find<std::string>("SELECT typeof(?1)", std::vector<std::byte>{}).value() == "blob");
}

BOOST_AUTO_TEST_CASE(ids_and_times_keep_their_value) {
  const Timestamp time{Duration{-1}};

  BOOST_TEST((through<Uuid>(some_id) == some_id));
  BOOST_TEST(tx.find<std::int64_t>("SELECT length(?1)", some_id).value() == 16);
  BOOST_TEST((through<Timestamp>(time) == time));
  BOOST_TEST((through<Timestamp>(Timestamp::max()) == Timestamp::max()));
}

BOOST_AUTO_TEST_CASE(nothing_is_null_and_null_is_nothing) {
  BOOST_TEST(!through<std::optional<int>>(nullptr));
  BOOST_TEST(!through<std::optional<std::string>>(std::nullopt));
  BOOST_TEST((!through<std::optional<Uuid>>(std::optional<Uuid>{})));
  BOOST_TEST(through<std::optional<std::string>>(std::optional<std::string>{"x"}).value() == "x");
}

BOOST_AUTO_TEST_CASE(a_value_of_another_type_is_refused) {
  BOOST_TEST(failure_of([&] { through<std::int64_t>(nullptr); }) == "store.wrong_type");
  BOOST_TEST(failure_of([&] { through<std::int64_t>("7"); }) == "store.wrong_type");
  BOOST_TEST(failure_of([&] { through<std::int64_t>(7.0); }) == "store.wrong_type");
  BOOST_TEST(failure_of([&] { through<double>("7"); }) == "store.wrong_type");
  BOOST_TEST(failure_of([&] { through<std::string>(7); }) == "store.wrong_type");
  BOOST_TEST(failure_of([&] { through<std::string>(some_id); }) == "store.wrong_type");
  BOOST_TEST(failure_of([&] { through<Uuid>("0123456789abcdef"); }) == "store.wrong_type");
  BOOST_TEST(failure_of([&] { through<Uuid>(std::vector<std::byte>(15)); }) == "store.wrong_type");
}

BOOST_AUTO_TEST_CASE(enumerations_and_characters_do_not_become_values_by_accident) {
  static_assert(!std::is_convertible_v<Colour, Arg>);
  static_assert(!std::is_convertible_v<Plain, Arg>);
  static_assert(!std::is_convertible_v<char, Arg>);
  static_assert(std::is_convertible_v<std::optional<std::string>, Arg>);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(statements, Open)

BOOST_AUTO_TEST_CASE(execute_tells_how_many_rows_it_changed) {
  BOOST_TEST(tx.execute("INSERT INTO shop_item (name) VALUES ('a'), ('b'), ('c')") == 3);
  BOOST_TEST(tx.execute("UPDATE shop_item SET size = ?1 WHERE name <> ?2", 5, "a") == 2);
  BOOST_TEST(tx.execute("UPDATE shop_item SET size = 1 WHERE name = 'z'") == 0);
  BOOST_TEST(tx.execute("SELECT * FROM shop_item") == 0);
  BOOST_TEST(tx.execute("DELETE FROM shop_item") == 3);
}

BOOST_AUTO_TEST_CASE(the_latest_insert_tells_its_id) {
  tx.execute("INSERT INTO shop_item (id, name) VALUES (41, 'a')");
  tx.execute("INSERT INTO shop_item (name) VALUES ('b')");

  BOOST_TEST(tx.last_insert_id() == 42);
}

BOOST_AUTO_TEST_CASE(rows_come_one_after_the_other_and_end) {
  tx.execute("INSERT INTO shop_item (name) VALUES ('a'), ('b')");

  Rows rows = tx.query("SELECT name, size FROM shop_item ORDER BY name");

  BOOST_REQUIRE(rows.next());
  BOOST_TEST(rows.get<std::string_view>(0) == "a");
  BOOST_TEST(rows.is_null(1));
  BOOST_REQUIRE(rows.next());
  BOOST_TEST(rows.get<std::string>(0) == "b");
  BOOST_TEST(!rows.next());
  BOOST_TEST(!rows.next());
}

BOOST_AUTO_TEST_CASE(a_query_keeps_its_values_after_their_end) {
  add_item(tx, "a");
  Rows rows = tx.query("SELECT name FROM shop_item WHERE name = ?1 OR name = ?2", std::string(1, 'a'),
                       std::string(100, 'b'));

  BOOST_REQUIRE(rows.next());
  BOOST_TEST(rows.get<std::string>(0) == "a");
}

BOOST_AUTO_TEST_CASE(the_same_statement_can_be_used_within_itself) {
  constexpr auto* numbers = "WITH n (i) AS (VALUES (1), (2), (3)) SELECT i FROM n WHERE i <> ?1";
  std::string seen;

  Rows outer = tx.query(numbers, 2);
  while (outer.next()) {
    Rows inner = tx.query(numbers, outer.get<int>(0));
    while (inner.next()) seen += std::to_string(10 * outer.get<int>(0) + inner.get<int>(0)) + " ";
  }

  BOOST_TEST(seen == "12 13 31 32 ");
}

BOOST_AUTO_TEST_CASE(rows_that_are_left_early_start_anew) {
  for (int round = 0; round < 3; ++round) {
    Rows rows = tx.query("VALUES (1), (2), (3)");
    BOOST_REQUIRE(rows.next());
    BOOST_TEST(rows.get<int>(0) == 1);
  }
}

BOOST_AUTO_TEST_CASE(inserted_rows_can_be_returned) {
  Rows rows = tx.query("INSERT INTO shop_item (name) VALUES (?1) RETURNING id", "a");

  BOOST_REQUIRE(rows.next());
  BOOST_TEST(rows.get<std::int64_t>(0) == 1);
}

// SQLite looks at the keys behind the last row.
BOOST_AUTO_TEST_CASE(what_is_wrong_with_a_change_is_told_also_when_only_its_first_row_is_read) {
  BOOST_REQUIRE(
      database
          ->attempt([](Transaction& transaction) {
            transaction.execute(
                "CREATE TABLE shop_part (id INTEGER PRIMARY KEY, item INTEGER REFERENCES shop_item) STRICT");
            return success();
          })
          .ok());

  const Status added = database->attempt([](Transaction& transaction) -> Status {
    const auto id = transaction.find<int>("INSERT INTO shop_part (item) VALUES (99) RETURNING id");
    BOOST_TEST(id.has_value());
    return success();
  });

  BOOST_TEST((added.error() == Error{Errc::conflict, "store.constraint"}));
  BOOST_TEST(tx.find<int>("SELECT count(*) FROM shop_part").value() == 0);
}

BOOST_AUTO_TEST_CASE(find_gives_nothing_without_a_row) {
  BOOST_TEST(!tx.find<int>("SELECT id FROM shop_item"));
  BOOST_TEST(tx.find<std::optional<int>>("SELECT NULL").has_value());
}

BOOST_AUTO_TEST_CASE(a_text_at_the_address_of_another_one_is_another_statement) {
  std::string sql = "SELECT 1";
  BOOST_TEST(tx.find<int>(sql).value() == 1);
  sql.back() = '2';
  BOOST_TEST(tx.find<int>(sql).value() == 2);
}

BOOST_AUTO_TEST_CASE(any_number_of_different_statements_works) {
  Rows held = tx.query("SELECT -1");
  for (int i = 0; i < 2'000; ++i) BOOST_REQUIRE(tx.find<int>("SELECT " + std::to_string(i)).value() == i);

  BOOST_REQUIRE(held.next());
  BOOST_TEST(held.get<int>(0) == -1);
}

BOOST_AUTO_TEST_CASE(wrong_sql_is_refused) {
  for (const auto* sql : {"", ";", "SELEKT 1", "SELECT 1; SELECT 2", "SELECT nothing FROM shop_item",
                          "SELECT \"no_such_column\" FROM shop_item", "SELECT * FROM no_such_table"}) {
    BOOST_TEST_CONTEXT(sql) {
      BOOST_TEST(failure_of([&] { tx.execute(sql); }) == "store.sql");
    }
  }
}

BOOST_AUTO_TEST_CASE(each_placeholder_needs_a_value) {
  BOOST_TEST(failure_of([&] { tx.execute("SELECT ?1, ?2", 1); }) == "store.sql");
  BOOST_TEST(failure_of([&] { tx.execute("SELECT ?1", 1, 2); }) == "store.sql");
  BOOST_TEST(tx.find<int>("SELECT ?1 + ?1", 2).value() == 4);
}

BOOST_AUTO_TEST_CASE(a_column_that_is_not_there_is_refused) {
  Rows rows = tx.query("SELECT 1");
  BOOST_REQUIRE(rows.next());

  BOOST_TEST(failure_of([&] { rows.get<int>(1); }) == "store.sql");
  BOOST_TEST(failure_of([&] { rows.get<int>(-1); }) == "store.sql");
}

BOOST_AUTO_TEST_CASE(what_drives_transactions_or_changes_the_connection_is_refused) {
  for (const auto* sql :
       {"BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT attempt", "RELEASE attempt", "ROLLBACK TO attempt",
        "ATTACH 'other.db' AS other", "DETACH main", "PRAGMA foreign_keys = OFF", "PRAGMA synchronous",
        "VACUUM INTO 'copy.db'", "SELECT load_extension('x')", "SELECT * FROM pragma_database_list"}) {
    BOOST_TEST_CONTEXT(sql) {
      BOOST_TEST(failure_of([&] { tx.execute(sql); }) == "store.sql");
    }
  }
  BOOST_TEST(database->in_transaction());
}

BOOST_AUTO_TEST_CASE(the_schema_cannot_be_written_behind_the_back_of_sqlite) {
  BOOST_TEST(failure_of([&] { tx.execute("UPDATE sqlite_schema SET sql = ''"); }) == "store.sql");
}

BOOST_AUTO_TEST_CASE(a_constraint_names_what_it_refused) {
  add_item(tx, "a");
  try {
    add_item(tx, "a");
    BOOST_FAIL("no failure");
  } catch (const Failure& failure) {
    BOOST_TEST((failure.error() == Error{Errc::conflict, "store.constraint"}));
    BOOST_TEST(std::string_view{failure.what()}.find("shop_item.name") != std::string_view::npos);
  }
  BOOST_TEST(count_items(tx) == 1);
}

BOOST_AUTO_TEST_CASE(full_text_search_works_with_all_that_is_refused) {
  tx.execute("CREATE VIRTUAL TABLE shop_search USING fts5(name)");
  tx.execute("INSERT INTO shop_search (name) VALUES ('red apples'), ('green pears')");

  BOOST_TEST(
      tx.find<std::string>("SELECT name FROM shop_search WHERE shop_search MATCH ?1", "pears").value() ==
      "green pears");
}

BOOST_AUTO_TEST_CASE(outside_a_transaction_nothing_runs) {
  database->rollback();

  BOOST_TEST(failure_of([&] { tx.execute("DELETE FROM shop_item"); }) == "store.no_transaction");
  BOOST_TEST(failure_of([&] { tx.query("SELECT 1"); }) == "store.no_transaction");
}

BOOST_AUTO_TEST_SUITE_END()
