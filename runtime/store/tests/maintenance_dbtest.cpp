#define BOOST_TEST_MODULE store_maintenance
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <functional>

#include "banyan/store/maintenance.hpp"
#include "banyan/store/reader.hpp"
#include "scratch.hpp"

using namespace banyan;
using namespace banyan::store;

namespace {

struct Kept : Shop {
  /// The items of a backup, opened as a store.
  std::int64_t count_copied() {
    Shop other;
    std::filesystem::create_directory(other.options.directory);
    std::filesystem::copy(copy, other.options.directory + "/store.db");
    return count_items(*other.open());
  }

  std::unique_ptr<Reader> snapshot() {
    auto reader = Reader::open(options, clock);
    BOOST_REQUIRE(reader.ok());
    BOOST_REQUIRE(reader.value()->begin().ok());
    BOOST_REQUIRE(reader.value()->transaction().find<std::int64_t>("SELECT count(*) FROM sqlite_schema"));
    return std::move(reader).value();
  }
  /// Several steps of a copy.
  void fill(int items) {
    BOOST_REQUIRE(database->begin().ok());
    for (int i = 0; i < items; ++i) {
      add_item(database->transaction(), std::string(4'000, 'x') + std::to_string(i));
    }
    BOOST_REQUIRE(database->commit().ok());
  }

  const std::function<Status()> go_on = [] { return success(); };
  std::unique_ptr<Database> database = open();
  std::string copy = (scratch / "copy.db").string();
};

void overwrite(const std::filesystem::path& file, std::streamoff position, std::string_view bytes) {
  std::fstream stream{file, std::ios::in | std::ios::out | std::ios::binary};
  stream.seekp(position);
  stream << bytes;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(copying, Kept)

BOOST_AUTO_TEST_CASE(takes_what_was_committed_when_the_snapshot_was_taken_into_one_file) {
  BOOST_REQUIRE(commit_item(*database, "a"));
  const auto reader = snapshot();
  BOOST_REQUIRE(commit_item(*database, "b"));

  BOOST_TEST(reader->copy_to(copy, go_on).ok());

  for (const auto* suffix : {"-wal", "-shm", "-journal", ".partial"}) {
    BOOST_TEST(!std::filesystem::exists(copy + suffix), suffix);
  }
  struct stat found {};
  BOOST_REQUIRE(::stat(copy.c_str(), &found) == 0);
  BOOST_TEST((found.st_mode & 0777) == 0600u);
  BOOST_TEST(count_copied() == 1);
}

BOOST_AUTO_TEST_CASE(keeps_the_snapshot_also_while_the_store_is_written_and_checkpointed_between_its_steps) {
  fill(3'000);
  const auto reader = snapshot();
  int steps = 0;
  const auto write_on = [&] {
    ++steps;
    BOOST_REQUIRE(commit_item(*database, "during " + std::to_string(steps)));
    return database->checkpoint(Checkpoint::passive);
  };

  BOOST_TEST(reader->copy_to(copy, write_on).ok());

  BOOST_TEST(steps > 1);
  BOOST_TEST(count_copied() == 3'000);
}

BOOST_AUTO_TEST_CASE(ends_when_it_is_not_to_go_on) {
  fill(3'000);
  const Error why{Errc::resource_exhausted, "example.enough"};

  BOOST_TEST((snapshot()->copy_to(copy, [&] { return why; }).error() == why));

  BOOST_TEST(!std::filesystem::exists(copy));
  BOOST_TEST(!std::filesystem::exists(copy + ".partial"));
}

BOOST_AUTO_TEST_CASE(refuses_a_target_that_exists_and_leaves_it_alone) {
  std::ofstream{copy} << "precious";

  BOOST_TEST(
      (snapshot()->copy_to(copy, go_on).error() == Error{Errc::already_exists, "store.backup_exists"}));

  std::string text;
  std::ifstream{copy} >> text;
  BOOST_TEST(text == "precious");
}

BOOST_AUTO_TEST_CASE(refuses_a_target_whose_directory_is_missing) {
  BOOST_TEST(snapshot()->copy_to((scratch / "none/copy.db").string(), go_on).error().reason() ==
             "store.directory");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(editing, Kept)

BOOST_AUTO_TEST_CASE(changes_a_store_that_nobody_uses) {
  database = nullptr;
  const auto claim = Claim::take(options);
  BOOST_REQUIRE(claim.ok());

  BOOST_TEST(edit(claim.value(), options, [](Transaction& tx) { add_item(tx, "by hand"); }).ok());

  BOOST_TEST(!std::filesystem::exists(options.directory + "/store.db-wal"));
}

BOOST_AUTO_TEST_CASE(changes_nothing_if_it_fails) {
  database = nullptr;
  Status edited = success();
  {
    const auto claim = Claim::take(options);
    BOOST_REQUIRE(claim.ok());
    edited = edit(claim.value(), options, [](Transaction& tx) {
      add_item(tx, "by hand");
      tx.execute("INSERT INTO none VALUES (1)");
    });
  }

  BOOST_TEST(edited.error().reason() == "store.sql");
  BOOST_TEST(count_items(*open()) == 0);
}

BOOST_AUTO_TEST_CASE(is_for_a_store_that_no_process_has) {
  BOOST_TEST(Claim::take(options).error().reason() == "store.in_use");
}

BOOST_AUTO_TEST_CASE(keeps_processes_out_meanwhile) {
  database = nullptr;
  const auto claim = Claim::take(options);
  BOOST_TEST(check_free(options).error().reason() == "store.in_use");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(checking, Kept)

BOOST_AUTO_TEST_CASE(a_sound_store_has_no_problems) {
  BOOST_REQUIRE(commit_item(*database, "a"));
  BOOST_TEST(integrity_problems(options).value().empty());
}

BOOST_AUTO_TEST_CASE(a_store_that_is_not_there_can_not_be_checked) {
  options.directory = (scratch / "none").string();
  BOOST_TEST((integrity_problems(options).error() == Error{Errc::not_found, "store.not_there"}));
}

BOOST_AUTO_TEST_CASE(a_damaged_store_is_found_out) {
  BOOST_REQUIRE(database->begin().ok());
  for (int i = 0; i < 2'000; ++i) {
    add_item(database->transaction(), "item number " + std::to_string(i));
  }
  BOOST_REQUIRE(database->commit().ok());
  database.reset();
  overwrite(scratch / "store/store.db", 5 * 4096 + 100, std::string(2000, '\x7f'));

  const auto problems = integrity_problems(options);
  BOOST_TEST((!problems.ok() || !problems.value().empty()));
}

BOOST_AUTO_TEST_SUITE_END()
