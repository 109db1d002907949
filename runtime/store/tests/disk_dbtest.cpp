#define BOOST_TEST_MODULE store_disk
#include <sys/mount.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "scratch.hpp"

using namespace banyan;
using namespace banyan::store;

namespace {

/// A file system of 4 MiB of its own.
class SmallDisk {
 public:
  static constexpr std::size_t bytes = 4 << 20;

  SmallDisk() : path_(scratch_ / "disk") {
    std::filesystem::create_directory(path_);
    const std::string size = "size=" + std::to_string(bytes);
    is_mounted_ = ::mount("tmpfs", path_.c_str(), "tmpfs", 0, size.c_str()) == 0;
  }
  ~SmallDisk() {
    if (is_mounted_) ::umount2(path_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool is_mounted() const noexcept { return is_mounted_; }
  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  Scratch scratch_;
  std::filesystem::path path_;
  bool is_mounted_;
};

boost::test_tools::assertion_result can_mount(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result result = SmallDisk{}.is_mounted();
  result.message() << "mounting a tmpfs needs root";
  return result;
}

struct FullDisk : Shop {
  FullDisk() {
    options.directory = (disk.path() / "store").string();
    options.ballast_bytes = 1 << 20;
    options.free_min_bytes = 256 << 10;
  }

  /// Commits items until the disk is full.
  Error fill(Database& database) {
    for (int i = 0;; ++i) {
      if (Status begun = database.begin(); !begun.ok()) return begun.error();
      const std::string name = std::to_string(i) + std::string(50'000, 'x');
      if (Status added = database.attempt(adding(name)); !added.ok())
        return database.rollback(), added.error();
      if (Status committed = database.commit(); !committed.ok()) return committed.error();
      if (database.wal_bytes() < options.ballast_bytes / 2) continue;
      if (Status moved = database.checkpoint(Checkpoint::passive); !moved.ok()) return moved.error();
    }
  }

  void occupy(std::size_t bytes) { std::ofstream{disk.path() / "other"} << std::string(bytes, 'x'); }
  void free_space() { std::filesystem::remove(disk.path() / "other"); }

  SmallDisk disk;
};

const Error full{Errc::resource_exhausted, "store.full"};

}  // namespace

BOOST_AUTO_TEST_SUITE(full_disk, *boost::unit_test::precondition(can_mount))

BOOST_FIXTURE_TEST_CASE(refuses_work_and_keeps_what_was_committed, FullDisk) {
  const auto database = open();
  BOOST_TEST(!database->is_full());

  BOOST_TEST((fill(*database) == full));

  BOOST_TEST(!database->in_transaction());
  BOOST_TEST(database->is_full());
  BOOST_TEST(count_items(*database) > 10);
}

BOOST_FIXTURE_TEST_CASE(still_lets_rows_be_deleted, FullDisk) {
  const auto database = open();
  BOOST_REQUIRE((fill(*database) == full));

  BOOST_REQUIRE(database->begin().ok());
  BOOST_TEST(database->transaction().execute("DELETE FROM shop_item WHERE id % 2 = 0") > 5);
  BOOST_TEST(database->commit().ok());
  BOOST_TEST(database->checkpoint(Checkpoint::truncate).ok());
}

BOOST_FIXTURE_TEST_CASE(works_again_when_there_is_space_again, FullDisk) {
  const auto database = open();
  occupy(2 << 20);
  BOOST_REQUIRE((fill(*database) == full));
  const auto count = count_items(*database);
  BOOST_TEST(database->is_full());

  free_space();

  BOOST_TEST(!database->is_full());
  BOOST_TEST(std::filesystem::file_size(disk.path() / "store/ballast") == options.ballast_bytes);
  BOOST_TEST(commit_item(*database, "new"));
  BOOST_TEST(count_items(*database) == count + 1);
}

BOOST_FIXTURE_TEST_CASE(is_told_before_a_write_fails, FullDisk) {
  const auto database = open();
  occupy(SmallDisk::bytes - options.ballast_bytes - options.free_min_bytes);
  BOOST_TEST(database->is_full());
  free_space();
  BOOST_TEST(!database->is_full());
}

BOOST_FIXTURE_TEST_CASE(in_the_midst_of_a_batch_loses_the_batch_and_says_so, FullDisk) {
  options.page_cache_bytes = 64 << 10;  // so that the log is written before the commit
  const auto database = open();
  BOOST_REQUIRE(database->begin().ok());
  Status outcome = success();
  for (int i = 0; outcome.ok(); ++i) {
    outcome = database->attempt(adding(std::to_string(i) + std::string(50'000, 'x')));
  }

  BOOST_TEST((outcome.error() == full));
  BOOST_TEST(!database->in_transaction());
  BOOST_TEST((database->attempt(adding("more")).error() == full));
  BOOST_TEST((database->commit().error() == full));
  BOOST_TEST(count_items(*database) == 0);
}

BOOST_FIXTURE_TEST_CASE(is_not_hidden_by_a_handler_that_swallows_the_failure, FullDisk) {
  options.page_cache_bytes = 64 << 10;
  const auto database = open();
  BOOST_REQUIRE(database->begin().ok());

  const Status outcome = database->attempt([](Transaction& tx) {
    try {
      for (int i = 0;; ++i) add_item(tx, std::to_string(i) + std::string(50'000, 'x'));
    } catch (const Failure&) {
    }
    BOOST_TEST(failure_of([&] { add_item(tx, "alone"); }) == "store.full");
    return success();
  });

  BOOST_TEST((outcome.error() == full));
  BOOST_TEST(count_items(*database) == 0);
}

BOOST_FIXTURE_TEST_CASE(that_was_full_before_gives_a_store_that_is_full, FullDisk) {
  commit_item(*open(), "a");
  std::filesystem::remove(disk.path() / "store/ballast");
  occupy(SmallDisk::bytes - (512 << 10));

  const auto database = open();

  BOOST_TEST(database->is_full());
  BOOST_TEST(count_items(*database) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
