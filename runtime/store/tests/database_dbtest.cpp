#define BOOST_TEST_MODULE store_database
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>

#include "scratch.hpp"

using namespace banyan;
using namespace banyan::store;

namespace {

mode_t mode_of(const std::filesystem::path& path) {
  struct stat found {};
  BOOST_REQUIRE(::stat(path.c_str(), &found) == 0);
  return found.st_mode & 0777;
}

/// Runs `work` in a process of its own. Returns its exit code, 1 if `work` is false.
template <class Work>
int in_another_process(Work&& work) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(work() ? 0 : 1);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(opening, Shop)

BOOST_AUTO_TEST_CASE(makes_directory_and_files_for_the_owner_only) {
  const std::filesystem::path directory = scratch / "a/b/c";
  options.directory = directory.string();
  options.ballast_bytes = 4096;

  const auto database = open();
  BOOST_REQUIRE(commit_item(*database, "a"));

  BOOST_TEST(mode_of(scratch / "a/b") == 0700u);
  BOOST_TEST(mode_of(directory) == 0700u);
  for (const auto* name : {"store.db", "store.db-wal", "store.db-shm", "lock", "ballast"}) {
    BOOST_TEST_CONTEXT(name) { BOOST_TEST(mode_of(directory / name) == 0600u); }
  }
}

BOOST_AUTO_TEST_CASE(finds_what_was_committed_before) {
  BOOST_REQUIRE(commit_item(*open(), "a"));
  BOOST_TEST(count_items(*open()) == 1);
}

BOOST_AUTO_TEST_CASE(a_directory_that_cannot_be_made_is_refused) {
  std::ofstream{scratch / "store"} << "a file";
  BOOST_TEST(try_open().error().reason() == "store.directory");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_database_is_refused_and_left_alone) {
  std::filesystem::create_directory(options.directory);
  const auto file = scratch / "store/store.db";
  std::ofstream{file} << std::string(8192, 'x');

  BOOST_TEST((try_open().error() == Error{Errc::data_loss, "store.corrupt"}));

  std::ifstream read{file};
  BOOST_TEST(std::string(std::istreambuf_iterator<char>{read}, {}) == std::string(8192, 'x'));
}

BOOST_AUTO_TEST_CASE(a_name_that_looks_like_a_uri_is_a_name) {
  options.file_name = "file:x?mode=memory";
  BOOST_REQUIRE(commit_item(*open(), "a"));
  BOOST_TEST(std::filesystem::exists(scratch / "store/file:x?mode=memory"));
}

BOOST_AUTO_TEST_CASE(a_second_database_in_the_process_is_refused) {
  const auto database = open();
  BOOST_TEST((try_open().error() == Error{Errc::conflict, "store.in_use"}));
}

BOOST_AUTO_TEST_CASE(a_second_process_is_refused_and_told_who_and_what_to_do) {
  const auto database = open();
  const std::string owner = "process " + std::to_string(::getpid()) + " holds ";

  const int code = in_another_process([&] {
    const auto opened = try_open();
    return !opened.ok() && opened.error() == Error{Errc::conflict, "store.in_use"} &&
           opened.error().detail().starts_with(owner) &&
           opened.error().detail().find("choose another") != std::string::npos;
  });

  BOOST_TEST(code == 0);
}

BOOST_AUTO_TEST_CASE(the_lock_of_a_killed_process_holds_nobody_up) {
  BOOST_TEST(in_another_process([&] { return commit_item(*open().release(), "a"); }) == 0);
  BOOST_TEST(count_items(*open()) == 1);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(group_commit, Shop)

BOOST_AUTO_TEST_CASE(all_attempts_become_durable_with_one_commit) {
  {
    const auto database = open();
    BOOST_REQUIRE(database->begin().ok());
    BOOST_TEST(database->attempt(adding("a")).ok());
    BOOST_TEST(database->attempt(adding("b")).ok());
    add_item(database->transaction(), "c");
    BOOST_TEST(database->commit().ok());
    BOOST_TEST(!database->in_transaction());
  }
  BOOST_TEST(count_items(*open()) == 3);
}

BOOST_AUTO_TEST_CASE(a_failed_attempt_leaves_the_others_alone) {
  const auto database = open();
  BOOST_REQUIRE(database->begin().ok());
  BOOST_TEST(database->attempt(adding("a")).ok());

  const Status rejected = database->attempt([](Transaction& tx) -> Status {
    add_item(tx, "b");
    tx.execute("DELETE FROM shop_item WHERE name = 'a'");
    return Error{Errc::rejected, "shop.not_today"};
  });

  BOOST_TEST((rejected.error() == Error{Errc::rejected, "shop.not_today"}));
  BOOST_TEST(database->attempt(adding("c")).ok());
  BOOST_TEST(database->commit().ok());
  BOOST_REQUIRE(database->begin().ok());
  BOOST_TEST(database->transaction().find<std::string>("SELECT group_concat(name) FROM shop_item").value() ==
             "a,c");
}

BOOST_AUTO_TEST_CASE(what_an_attempt_throws_becomes_its_error) {
  const auto database = open();
  BOOST_REQUIRE(database->begin().ok());

  const auto thrown = [&](const auto& throws) {
    return database->attempt([&](Transaction& tx) -> Status {
      add_item(tx, "a");
      throws(tx);
      return success();
    });
  };

  BOOST_TEST((thrown([](Transaction& tx) { add_item(tx, "a"); }).error() ==
              Error{Errc::conflict, "store.constraint"}));
  const Status exception = thrown([](Transaction&) { throw std::out_of_range("index 7"); });
  BOOST_TEST((exception.error() == Error{Errc::internal, "store.handler_threw"}));
  BOOST_TEST(exception.error().detail() == "index 7");
  BOOST_TEST((thrown([](Transaction&) { throw 7; }).error() == Error{Errc::internal, "store.handler_threw"}));
  BOOST_TEST(database->in_transaction());
  BOOST_TEST(count_items(database->transaction()) == 0);
}

BOOST_AUTO_TEST_CASE(rows_that_an_attempt_leaves_open_do_not_hold_it_up) {
  const auto database = open();
  BOOST_REQUIRE(database->begin().ok());
  std::optional<Rows> rows;
  const Status done = database->attempt([&](Transaction& tx) {
    tx.execute("INSERT INTO shop_item (name) VALUES ('a'), ('b')");
    rows.emplace(tx.query("SELECT name FROM shop_item"));
    rows->next();
    return success();
  });
  rows.reset();

  BOOST_TEST(done.ok());
  BOOST_TEST(database->commit().ok());
}

BOOST_AUTO_TEST_CASE(a_deferred_foreign_key_fails_the_attempt_that_broke_it) {
  constexpr Migration tables{.owner = "shop",
                             .version = 1,
                             .name = "keys",
                             .sql = R"(CREATE TABLE shop_item (name TEXT PRIMARY KEY) STRICT;
                                       CREATE TABLE shop_line (
                                         name TEXT PRIMARY KEY
                                           REFERENCES shop_item DEFERRABLE INITIALLY DEFERRED
                                       ) STRICT;)"};
  schema = {&tables, 1};
  const auto database = open();
  const auto add_line = [](Transaction& tx) { tx.execute("INSERT INTO shop_line VALUES ('a')"); };
  BOOST_REQUIRE(database->begin().ok());

  const Status broken = database->attempt([&](Transaction& tx) {
    add_line(tx);
    return success();
  });
  const Status whole = database->attempt([&](Transaction& tx) {
    add_line(tx);
    add_item(tx, "a");
    return success();
  });

  BOOST_TEST((broken.error() == Error{Errc::conflict, "store.constraint"}));
  BOOST_TEST(whole.ok());
  BOOST_TEST(database->commit().ok());
}

BOOST_AUTO_TEST_CASE(rollback_undoes_everything) {
  const auto database = open();
  BOOST_REQUIRE(database->begin().ok());
  BOOST_TEST(database->attempt(adding("a")).ok());

  database->rollback();
  database->rollback();

  BOOST_TEST(!database->in_transaction());
  BOOST_TEST(count_items(*database) == 0);
}

BOOST_AUTO_TEST_CASE(an_open_transaction_ends_with_the_database) {
  {
    const auto database = open();
    BOOST_REQUIRE(database->begin().ok());
    add_item(database->transaction(), "a");
  }
  BOOST_TEST(count_items(*open()) == 0);
}

BOOST_AUTO_TEST_CASE(without_a_transaction_attempt_and_commit_fail) {
  const auto database = open();
  BOOST_TEST(database->attempt([](Transaction&) { return success(); }).error().reason() ==
             "store.no_transaction");
  BOOST_TEST(database->commit().error().reason() == "store.no_transaction");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(fault_points, Shop)

BOOST_AUTO_TEST_CASE(a_fault_after_begin_leaves_no_transaction) {
  const auto database = open();
  faults.points = {"after_begin"};

  BOOST_TEST((database->begin().error() == Error{Errc::unavailable, "store.fault"}));
  BOOST_TEST(!database->in_transaction());
}

BOOST_AUTO_TEST_CASE(a_fault_before_the_commit_undoes_the_transaction) {
  const auto database = open();
  faults.points = {"before_commit"};
  BOOST_REQUIRE(database->begin().ok());
  add_item(database->transaction(), "a");

  BOOST_TEST((database->commit().error() == Error{Errc::unavailable, "store.fault"}));

  BOOST_TEST(!database->in_transaction());
  BOOST_TEST(count_items(*database) == 0);
}

BOOST_AUTO_TEST_CASE(a_fault_after_the_commit_leaves_the_changes_there) {
  const auto database = open();
  faults.points = {"after_commit"};
  BOOST_REQUIRE(database->begin().ok());
  add_item(database->transaction(), "a");

  BOOST_TEST((database->commit().error() == Error{Errc::unavailable, "store.fault"}));

  BOOST_TEST(!database->in_transaction());
  BOOST_TEST(count_items(*database) == 1);
}

BOOST_AUTO_TEST_CASE(a_fault_amid_a_checkpoint_loses_nothing) {
  const auto database = open();
  BOOST_REQUIRE(commit_item(*database, "a"));
  faults.points = {"mid_checkpoint"};

  BOOST_TEST((database->checkpoint(Checkpoint::truncate).error() == Error{Errc::unavailable, "store.fault"}));

  BOOST_TEST(std::filesystem::file_size(scratch / "store/store.db-wal") > 0u);
  BOOST_TEST(count_items(*database) == 1);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(checkpoints, Shop)

BOOST_AUTO_TEST_CASE(the_log_grows_until_a_checkpoint) {
  const auto database = open();
  BOOST_TEST(database->wal_bytes() == 0u);
  BOOST_REQUIRE(commit_item(*database, "a"));
  const std::size_t after_one = database->wal_bytes();
  BOOST_TEST(after_one == std::filesystem::file_size(scratch / "store/store.db-wal"));
  BOOST_REQUIRE(commit_item(*database, "b"));
  BOOST_TEST(database->wal_bytes() > after_one);

  BOOST_TEST(database->checkpoint(Checkpoint::passive).ok());

  BOOST_TEST(database->wal_bytes() == 0u);
  BOOST_TEST(count_items(*database) == 2);
}

BOOST_AUTO_TEST_CASE(the_log_starts_over_after_a_checkpoint) {
  const auto database = open();
  for (int i = 0; i < 50; ++i) BOOST_REQUIRE(commit_item(*database, "a" + std::to_string(i)));
  const auto size = std::filesystem::file_size(scratch / "store/store.db-wal");
  BOOST_REQUIRE(database->checkpoint(Checkpoint::passive).ok());
  for (int i = 0; i < 40; ++i) BOOST_REQUIRE(commit_item(*database, "b" + std::to_string(i)));

  BOOST_TEST(std::filesystem::file_size(scratch / "store/store.db-wal") == size);
}

BOOST_AUTO_TEST_CASE(truncating_cuts_the_log_to_nothing) {
  const auto database = open();
  BOOST_REQUIRE(commit_item(*database, "a"));

  BOOST_TEST(database->checkpoint(Checkpoint::truncate).ok());

  BOOST_TEST(std::filesystem::file_size(scratch / "store/store.db-wal") == 0u);
  BOOST_TEST(database->wal_bytes() == 0u);
}

BOOST_AUTO_TEST_CASE(a_reader_keeps_the_log_and_nobody_waits_for_it) {
  const auto database = open();
  const auto reader = open_reader();
  BOOST_REQUIRE(commit_item(*database, "a"));
  BOOST_REQUIRE(reader->begin().ok());
  BOOST_TEST(count_items(reader->transaction()) == 1);
  BOOST_REQUIRE(commit_item(*database, "b"));

  BOOST_TEST(database->checkpoint(Checkpoint::truncate).ok());
  BOOST_TEST(database->wal_bytes() > 0u);

  reader->end();
  BOOST_TEST(database->checkpoint(Checkpoint::truncate).ok());
  BOOST_TEST(database->wal_bytes() == 0u);
}

BOOST_AUTO_TEST_CASE(closing_leaves_one_complete_file) {
  BOOST_REQUIRE(commit_item(*open(), "a"));
  BOOST_TEST(!std::filesystem::exists(scratch / "store/store.db-wal"));
}

BOOST_AUTO_TEST_SUITE_END()
