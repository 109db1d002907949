#define BOOST_TEST_MODULE store_maintenance
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <thread>

#include "banyan/store/maintenance.hpp"
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

  std::unique_ptr<Database> database = open();
  std::string copy = (scratch / "copy.db").string();
};

void overwrite(const std::filesystem::path& file, std::streamoff position, std::string_view bytes) {
  std::fstream stream{file, std::ios::in | std::ios::out | std::ios::binary};
  stream.seekp(position);
  stream << bytes;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(backing_up, Kept)

BOOST_AUTO_TEST_CASE(copies_what_is_committed_into_one_file) {
  BOOST_REQUIRE(commit_item(*database, "a"));
  BOOST_REQUIRE(database->begin().ok());
  add_item(database->transaction(), "b");

  BOOST_TEST(backup(options, copy).ok());

  for (const auto* suffix : {"-wal", "-shm", "-journal", ".partial"}) {
    BOOST_TEST(!std::filesystem::exists(copy + suffix), suffix);
  }
  struct stat found {};
  BOOST_REQUIRE(::stat(copy.c_str(), &found) == 0);
  BOOST_TEST((found.st_mode & 0777) == 0600u);
  BOOST_TEST(count_copied() == 1);
}

BOOST_AUTO_TEST_CASE(goes_on_while_the_store_is_written) {
  for (int i = 0; i < 200; ++i) BOOST_REQUIRE(commit_item(*database, "before " + std::to_string(i)));
  std::atomic<bool> done = false;
  Status outcome = success();
  std::thread copier([&] {
    outcome = backup(options, copy);
    done = true;
  });
  int written = 0;
  while (!done) BOOST_REQUIRE(commit_item(*database, "during " + std::to_string(written++)));
  copier.join();

  BOOST_REQUIRE(outcome.ok());
  const auto copied = count_copied();
  BOOST_TEST(copied >= 200);
  BOOST_TEST(copied <= 200 + written);
}

BOOST_AUTO_TEST_CASE(refuses_a_target_that_exists_and_leaves_it_alone) {
  std::ofstream{copy} << "precious";

  BOOST_TEST((backup(options, copy).error() == Error{Errc::already_exists, "store.backup_exists"}));

  std::string text;
  std::ifstream{copy} >> text;
  BOOST_TEST(text == "precious");
}

BOOST_AUTO_TEST_CASE(refuses_a_target_whose_directory_is_missing) {
  BOOST_TEST(backup(options, (scratch / "none/copy.db").string()).error().reason() == "store.directory");
}

BOOST_AUTO_TEST_CASE(a_store_that_is_not_there_gives_no_backup) {
  options.directory = (scratch / "none").string();
  BOOST_TEST((backup(options, copy).error() == Error{Errc::not_found, "store.not_there"}));
  BOOST_TEST(!std::filesystem::exists(copy));
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

BOOST_AUTO_TEST_CASE(a_damaged_store_is_found_out_and_gives_no_backup) {
  BOOST_REQUIRE(database->begin().ok());
  for (int i = 0; i < 2'000; ++i) {
    add_item(database->transaction(), "item number " + std::to_string(i));
  }
  BOOST_REQUIRE(database->commit().ok());
  database.reset();
  overwrite(scratch / "store/store.db", 5 * 4096 + 100, std::string(2000, '\x7f'));

  const auto problems = integrity_problems(options);
  BOOST_TEST((!problems.ok() || !problems.value().empty()));
  BOOST_TEST((backup(options, copy).error() == Error{Errc::data_loss, "store.corrupt"}));
  BOOST_TEST(!std::filesystem::exists(copy));
}

BOOST_AUTO_TEST_SUITE_END()
