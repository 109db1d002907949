#define BOOST_TEST_MODULE store_reader
#include <boost/test/unit_test.hpp>

#include "scratch.hpp"

using namespace banyan;
using namespace banyan::store;
using namespace std::chrono_literals;

namespace {

struct Readable : Shop {
  std::unique_ptr<Database> database = open();
  std::unique_ptr<Reader> reader = open_reader();
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(reading, Readable)

BOOST_AUTO_TEST_CASE(sees_one_state_until_the_end) {
  BOOST_REQUIRE(commit_item(*database, "a"));
  BOOST_REQUIRE(reader->begin().ok());
  BOOST_TEST(count_items(reader->transaction()) == 1);

  BOOST_REQUIRE(commit_item(*database, "b"));
  BOOST_TEST(count_items(reader->transaction()) == 1);
  reader->end();

  BOOST_REQUIRE(reader->begin().ok());
  BOOST_TEST(count_items(reader->transaction()) == 2);
}

BOOST_AUTO_TEST_CASE(does_not_see_what_is_not_committed) {
  BOOST_REQUIRE(database->begin().ok());
  add_item(database->transaction(), "a");
  BOOST_REQUIRE(reader->begin().ok());

  BOOST_TEST(count_items(reader->transaction()) == 0);
}

BOOST_AUTO_TEST_CASE(cannot_write) {
  BOOST_REQUIRE(reader->begin().ok());
  BOOST_TEST(failure_of([&] {
               reader->transaction().query("INSERT INTO shop_item (name) VALUES ('a')").next();
             }) == "store.sql");
}

BOOST_AUTO_TEST_CASE(cannot_read_outside_begin_and_end) {
  BOOST_TEST(failure_of([&] { count_items(reader->transaction()); }) == "store.no_transaction");
  BOOST_REQUIRE(reader->begin().ok());
  reader->end();
  reader->end();
  BOOST_TEST(failure_of([&] { count_items(reader->transaction()); }) == "store.no_transaction");
}

BOOST_AUTO_TEST_CASE(reads_in_a_snapshot_of_its_own_and_tells_what_failed_in_it) {
  BOOST_REQUIRE(commit_item(*database, "a"));
  std::int64_t items = 0;
  BOOST_TEST(reader->read([&](ReadTransaction& transaction) { items = count_items(transaction); }).ok());
  BOOST_TEST(items == 1);
  const Status failed = reader->read(
      [](ReadTransaction& transaction) { transaction.query("SELECT nothing FROM nowhere").next(); });
  BOOST_TEST(failed.error().reason() == "store.sql");
  BOOST_TEST(failure_of([&] { count_items(reader->transaction()); }) == "store.no_transaction");
}

BOOST_AUTO_TEST_CASE(a_snapshot_that_is_too_old_fails_its_next_query) {
  BOOST_REQUIRE(reader->begin().ok());
  clock.advance(options.read_age_max - 1us);
  BOOST_TEST(count_items(reader->transaction()) == 0);
  clock.advance(1us);

  BOOST_TEST(failure_of([&] { count_items(reader->transaction()); }) == "store.read_too_long");

  reader->end();
  BOOST_REQUIRE(reader->begin().ok());
  BOOST_TEST(count_items(reader->transaction()) == 0);
}

BOOST_AUTO_TEST_CASE(a_query_that_runs_too_long_is_stopped) {
  BOOST_REQUIRE(reader->begin().ok());
  Rows rows = reader->transaction().query(
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n WHERE i < 0");
  clock.advance(options.read_age_max);

  BOOST_TEST(failure_of([&] { rows.next(); }) == "store.read_too_long");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_CASE(a_store_that_is_not_there_is_not_made, Shop) {
  BOOST_TEST(!Reader::open(options, clock).ok());
  BOOST_TEST(!std::filesystem::exists(options.directory));
}
